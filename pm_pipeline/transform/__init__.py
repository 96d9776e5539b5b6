"""dbt, run inside this process: the only importer of dbt and the only writer of a warehouse."""
