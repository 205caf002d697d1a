"""Proofs about a journal that need no journal: hash trees and the notes that name their roots.  Pure."""
