"""The parts of an object-centric event log (OCEL 2.0), and the fields that each has."""

#: What of an object-centric log (OCEL 2.0) a table may be, with the fields that each row of it has:
#: the names of the standard's relational form. Of ``events``, attributes are named beside them.
OCEL_PARTS: dict[str, tuple[str, ...]] = {
    "events": ("ocel_id", "ocel_type", "ocel_time"),
    "objects": ("ocel_id", "ocel_type", "ocel_citizen_id"),
    "event_objects": ("ocel_event_id", "ocel_object_id", "ocel_qualifier"),
    "object_objects": ("ocel_source_id", "ocel_target_id", "ocel_qualifier"),
    "event_attributes": ("ocel_event_id", "ocel_type", "ocel_attribute", "ocel_value"),
    "object_attributes": ("ocel_object_id", "ocel_type", "ocel_attribute", "ocel_time", "ocel_value"),
}
OCEL_FORMATS = ("ocel", "ocel_json", "ocel_xml", "ocel_sqlite")
