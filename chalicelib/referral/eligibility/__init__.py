"""Eligibility: is this request one that the Network serves, and if not, where is the help?"""
