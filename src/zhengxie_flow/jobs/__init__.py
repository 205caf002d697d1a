"""Workers: they write what time brings, remind, and deliver; everything else works without any."""
