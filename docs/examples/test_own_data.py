"""A user reaches its own files and items, and nobody else does."""


def test_own_files(gatehouse_cloud, as_user, as_guest, assert_allowed, assert_denied):
    alice, bucket = as_user("alice"), gatehouse_cloud.outputs["UserDataBucket"]
    note = {"Bucket": bucket, "Key": f"private/{alice.identity_id}/note.txt"}

    assert_allowed(alice.client("s3").put_object, **note, Body=b"hello")
    answer = assert_allowed(alice.client("s3").get_object, **note)
    assert answer["Body"].read() == b"hello"

    for other in (as_user("bob"), as_guest()):
        assert_denied(other.client("s3").get_object, **note)
        assert_denied(other.client("s3").delete_object, **note)


def test_own_items(gatehouse_cloud, as_user, assert_allowed, assert_denied):
    alice, table = as_user("alice"), gatehouse_cloud.outputs["UserDataTable"]
    note = {"pk": {"S": alice.identity_id}, "sk": {"S": "note"}}

    assert_allowed(alice.client("dynamodb").put_item, TableName=table, Item=note)
    assert_denied(as_user("bob").client("dynamodb").get_item, TableName=table, Key=note)
