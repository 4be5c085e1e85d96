from django.contrib.auth.models import Group


def rights(name: str) -> set[str]:
    permissions = Group.objects.get(name=name).permissions.select_related("content_type")
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in permissions}


def test_organiser_edits_publishes_and_reads_documents(db):
    assert {
        "programme.publish",
        "programme.preview",
        "roundtables.change_guidingquestion",
        "registrations.change_delegate",
        "documents.view_document",
    } <= rights("organiser")


def test_staff_only_read_but_for_what_they_do_at_the_door(db):
    done = {right for right in rights("staff") if not right.split(".")[1].startswith("view_")}
    assert done == {"registrations.check_in", "registrations.add_platecount"}
    assert "documents.view_document" in rights("staff")


def test_nobody_changes_releases_or_rights_by_role(db):
    for name in ("organiser", "staff"):
        assert not rights(name) & {
            "programme.change_release",
            "programme.delete_release",
            "auth.change_group",
            "people.delete_user",
        }
