"""Object-centric event logs (OCEL 2.0) in their three forms, part by part."""
