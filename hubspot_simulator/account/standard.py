"""The contents of a new account: standard properties, their groups, and the default pipeline."""

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.pipelines import Pipeline, Stage
from hubspot_simulator.account.schema import Group, Option, Property, Schema

TEXT = ("string", "text")
DATETIME = ("datetime", "date")

LIFECYCLE_STAGES = (
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
    "evangelist",
    "other",
)
LEAD_STATUSES = (
    "NEW",
    "OPEN",
    "IN_PROGRESS",
    "OPEN_DEAL",
    "UNQUALIFIED",
    "ATTEMPTED_TO_CONTACT",
    "CONNECTED",
    "BAD_TIMING",
)

# name, label, (type, fieldType), read-only
CONTACT = (
    ("email", "Email", TEXT, False),
    ("firstname", "First Name", TEXT, False),
    ("lastname", "Last Name", TEXT, False),
    ("company", "Company Name", TEXT, False),
    ("phone", "Phone Number", ("string", "phonenumber"), False),
    ("mobilephone", "Mobile Phone Number", ("string", "phonenumber"), False),
    ("jobtitle", "Job Title", TEXT, False),
    ("website", "Website URL", TEXT, False),
    ("address", "Street Address", TEXT, False),
    ("city", "City", TEXT, False),
    ("state", "State/Region", TEXT, False),
    ("zip", "Postal Code", TEXT, False),
    ("country", "Country/Region", TEXT, False),
    ("hubspot_owner_id", "Contact owner", TEXT, False),
    ("hs_additional_emails", "Additional email addresses", TEXT, False),
    ("hs_object_id", "Record ID", ("number", "number"), True),
    ("hs_merged_object_ids", "Merged record IDs", TEXT, True),
    ("createdate", "Create Date", DATETIME, True),
    ("lastmodifieddate", "Last Modified Date", DATETIME, True),
)
DEAL = (
    ("dealname", "Deal Name", TEXT, False),
    ("dealstage", "Deal Stage", ("enumeration", "radio"), False),
    ("pipeline", "Pipeline", ("enumeration", "select"), False),
    ("amount", "Amount", ("number", "number"), False),
    ("closedate", "Close Date", DATETIME, False),
    ("description", "Deal Description", ("string", "textarea"), False),
    ("hs_next_step", "Next step", TEXT, False),
    ("hubspot_owner_id", "Deal owner", TEXT, False),
    ("hs_object_id", "Record ID", ("number", "number"), True),
    ("hs_merged_object_ids", "Merged record IDs", TEXT, True),
    ("createdate", "Create Date", DATETIME, True),
    ("hs_lastmodifieddate", "Last Modified Date", DATETIME, True),
)
STAGES = (
    ("appointmentscheduled", "Appointment Scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    ("contractsent", "Contract Sent", "0.9"),
    ("closedwon", "Closed Won", "1.0"),
    ("closedlost", "Closed Lost", "0.0"),
)


def schema(kind: Kind) -> Schema:
    rows = CONTACT if kind is Kind.CONTACT else DEAL
    group = Group(f"{kind.singular}information", f"{kind.singular.title()} Information")
    made = Schema(kind, groups={group.name: group})
    for name, label, (type_, field_type), read_only in rows:
        made.properties[name] = Property(
            name, label, type_, field_type, group.name, read_only=read_only, standard=True
        )
    if kind is Kind.CONTACT:
        for name, label, values in (
            ("lifecyclestage", "Lifecycle Stage", LIFECYCLE_STAGES),
            ("hs_lead_status", "Lead Status", LEAD_STATUSES),
        ):
            options = tuple(Option(value, value, display_order=order) for order, value in enumerate(values))
            made.properties[name] = Property(
                name, label, "enumeration", "radio", group.name, options=options, standard=True
            )
    return made


def pipeline() -> Pipeline:
    stages = [Stage(id, label, order, probability) for order, (id, label, probability) in enumerate(STAGES)]
    return Pipeline("default", "Sales Pipeline", 0, tuple(stages))
