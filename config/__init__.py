"""The program as a whole: settings, addresses, the API's frame, start and health.

Kept empty of imports: `manage.py` reads `config.bootstrap` from here before anything is installed.
"""
