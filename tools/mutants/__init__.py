"""Mutation check: are the tests of the statistics and of conservation able to fail?"""
