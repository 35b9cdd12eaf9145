"""What a report shows: figures, tables and headlines, masked for its edition and escaped, here and once."""
