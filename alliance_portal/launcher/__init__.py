"""Starts and stops what the portal needs on one machine: database, broker, web, worker, beat.

Plain Python, no Django: it runs before there is a database to configure Django with.
"""
