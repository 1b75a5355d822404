"""Accounts, descriptors and the oracle of the Samba lab."""
