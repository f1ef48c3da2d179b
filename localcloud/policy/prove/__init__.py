"""`gatehouse policy prove`: every S3 and DynamoDB operation, tried as everyone, on everyone's data, by every way.

    layout ──► cells ──► trial ──► outcomes ──► comparison ──► report
    who, where  calls     people    decisions    expectations

Owns what is tried and what it is compared with; what to try comes from botocore's model, whom and where from the
expectations file beside the template. Does not own any decision: a real local cloud makes them.
"""
