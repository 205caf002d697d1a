"""Exemptions: by law where their condition holds, and by grant; what they lift, how long they hold.

What a process may say of one is declared in `model.exemption`.
"""
