"""What a group adds to its members' rights, and what leaving it takes away."""


def test_only_editors_publish(gatehouse_cloud, as_user, assert_allowed, assert_denied):
    notice = {"Bucket": gatehouse_cloud.outputs["UserDataBucket"], "Key": "public/notice.txt", "Body": b"open"}

    assert_denied(as_user("carol").client("s3").put_object, **notice)
    assert_allowed(as_user("carol", groups=["editors"]).client("s3").put_object, **notice)
    assert_denied(as_user("carol").client("s3").put_object, **notice)
