"""What a municipality and a vendor agreed on: the allow-list of everything that may enter."""
