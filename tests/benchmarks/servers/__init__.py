"""Servers in processes of their own, which do as little as possible, so that they do not hide what a client costs."""
