"""One module a report: what each notebook's cells call, from the county's data to what is shown.

A chapter takes a ``Book``, asks the statistics, and returns display objects; sentences come from
``report.findings``.
"""
