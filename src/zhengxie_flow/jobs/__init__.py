"""Workers: they write what time brings, and remind; everything else works without any."""
