"""Figures of any period and segment, read from the assessments themselves.

The dashboard reads daily counts, which outlive a purge but know no segments. These pages read the rows: a
scrub changes nothing in them but campaigns, which go with the person; a purge takes its assessments out.
"""
