"""Refused is not enough: a rule should refuse for the reason that it is there for."""


def test_no_scan(gatehouse_cloud, as_user, assert_denied):
    table = gatehouse_cloud.outputs["UserDataTable"]
    assert_denied(as_user("alice").client("dynamodb").scan, TableName=table, reason="use Query")


def test_lists_need_a_slash(gatehouse_cloud, as_user, assert_denied):
    alice, bucket = as_user("alice"), gatehouse_cloud.outputs["UserDataBucket"]
    listing = {"Bucket": bucket, "Prefix": f"private/{alice.identity_id}"}
    assert_denied(alice.client("s3").list_objects_v2, **listing, reason="End the prefix with a slash")


def test_guests_read_what_is_public_only(gatehouse_cloud, as_guest, assert_denied):
    picture = {"Bucket": gatehouse_cloud.outputs["UserDataBucket"], "Key": "protected/someone/picture.jpg"}
    assert_denied(as_guest().client("s3").get_object, **picture, reason="PublicFiles (Allow) does not apply")
