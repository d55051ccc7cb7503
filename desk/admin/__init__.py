"""Django admin of the desk.

Imports nothing: the admin site itself (`desk.admin.site`) is loaded when the first model of any app
is registered,
and a page imported from here would register on a site that does not exist yet.  See `desk/admin/pages.py`.
"""
