from django.db import migrations


def read_the_log(apps, schema_editor):
    """Every address that a release ever had; of several that had the same, the last one has it."""
    forums, nodes = {}, {}
    for release in apps.get_model("programme", "Release").objects.order_by("created_at").iterator(chunk_size=1):
        programme = release.snapshot
        forums[programme["forum"]["slug"]] = release.forum_id
        for kind, address, uuid in addresses(programme):
            nodes[release.forum_id, kind, address] = uuid
    forum_address, node_address = (apps.get_model("programme", name) for name in ("ForumAddress", "NodeAddress"))
    forum_address.objects.bulk_create(forum_address(slug=slug, forum_id=forum) for slug, forum in forums.items())
    node_address.objects.bulk_create(
        node_address(forum_id=forum, kind=kind, address=address, uuid=uuid)
        for (forum, kind, address), uuid in nodes.items()
    )


def addresses(programme):
    for session in programme.get("sessions", ()):
        if session.get("listed", True):
            yield "session", session["slug"], session["uuid"]
            if session.get("number"):
                yield "roundtable", session["number"], session["uuid"]
    for theme in programme.get("themes", ()):
        yield "theme", str(theme["number"]), theme["uuid"]
    for section in programme.get("sections", ()):
        yield "section", section["slug"], section["uuid"]
    for venue in programme.get("venues", ()):
        for room in venue.get("rooms", ()):
            yield "room", f"{venue['slug']}/{room['slug']}", room["uuid"]


class Migration(migrations.Migration):
    dependencies = [("programme", "0006_addresses")]
    operations = [migrations.RunPython(read_the_log, migrations.RunPython.noop)]
