"""Raw files to rows: workbooks, and the figures of summary documents."""
