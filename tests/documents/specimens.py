"""Contexts as the portal will hand them to the print templates. Persons and hours are invented."""

# ruff: noqa: E501
from documents.kinds.badge import face
from documents.kinds.bearers import Bearer
from documents.pdf import qr
from documents.sheets import Ink

VERIFY = "gfmd.example/verify/7K3MQ9TD"


def print_of(title, symbol, **more):
    return {
        "title": title,
        "symbol": symbol,
        "distribution": "Distr.: General",
        "date_text": "6 December 2018",
        "original_language": "Original: English",
        "status": "Provisional",
        "edition_text": "Programme of 6 December, 08:41",
        "verify_address": VERIFY,
        "verify_url": f"https://{VERIFY}/",
        "qr": qr(f"https://{VERIFY}/"),
        "forum_name": "Global Forum on Migration and Development",
        "forum_edition": "Eleventh Summit",
        "forum_place_dates": "Marrakesh, 5–7 December 2018",
        **more,
    }


def text(*segments, **more):
    return {"segments": [{"text": s} if isinstance(s, str) else s for s in segments], **more}


def questions(*items):
    return [{"number": n, **item} for n, item in enumerate(items, start=1)]


NOTE_EN = {
    "print": print_of(
        "Concept note, Roundtable 2.2: Regional mobility and policy coherence to support development",
        "GFMD/2018/RT.2.2/1",
    ),
    "note": {
        "theme": 2,
        "number_text": "Roundtable 2.2",
        "cancelled": "",
        "summary": [],
        "title": "Regional mobility and policy coherence to support development",
        "theme_text": "Theme 2. Regional mobility to promote transferable learning and policy coherence",
        "facts": [
            {"label": "Day", "text": "Thursday 6 December 2018, afternoon", "to_confirm": "hours to be confirmed"},
            {"label": "Room", "text": "Oliveraie"},
            {"label": "Co-chairs", "text": "Philippines, Egypt, Zambia"},
            {"label": "Record", "text": "Chatham House Rule; closed to media"},
        ],
        "outcomes": [
            text(
                "The zero draft of the Global Compact speaks of an architecture for governing migration, "
                "worldwide and by region. That gives weight to a plain question: who steers movement inside "
                "a region, and to what end? The roundtable should leave governments with a common view of "
                "what development gains when regional mobility is handled coherently."
            ),
            text(
                "It will ask where the States of a region could work more closely together, between "
                "ministries as well as between levels of government. It will draw on the regions that have "
                "gone furthest: what they did, what others could take over, and what for."
            ),
        ],
        "questions": questions(
            text(
                "What would help States put regional agreements on free movement into effect at home, and "
                "how can the approaches of a region to migration be brought into line with one another?"
            ),
            text(
                "Could national policies on migration, labour, finance, health and other fields be matched "
                "more closely to the movements actually seen in the region?"
            ),
            text(
                "How do free movement and economic and social integration within a region depend on each "
                "other, and what can partnerships add to coherence?"
            ),
            text(
                "What sets movement between countries of the South in motion, and does it differ in kind "
                "from movement towards the North?"
            ),
            text(
                "Do regions, as distinct from single States, act together in multilateral bodies and across "
                "sectors? Have Regional Economic Communities a place of their own to compare notes, and how "
                "do they tie in with wider frameworks such as that of the AU?"
            ),
            text(
                "What do the regional processes teach, among them Khartoum, Rabat, Budapest, Colombo and the "
                "Abu Dhabi Dialogue?"
            ),
            text(
                "How can cooperation between local territories, also across a border, make the governance of "
                "migration more coherent on every route?"
            ),
            text(
                "The Global Compact counts a whole-of-society approach among its guiding principles.",
                {
                    "note": "Global Compact for Migration, tenth guiding principle.",
                    "urls": ["https://refugeesmigrants.un.org/sites/default/files/180205_gcm_zero_draft_final.pdf"],
                },
                " What would make that real within a region?",
            ),
        ),
        "commitments": [
            text(
                "Global Compact for Migration, zero draft, and its guiding principle 10; 2030 Agenda for "
                "Sustainable Development."
            )
        ],
    },
}


def item(title="", **more):
    return {"title": title, **more}


def slot(hour, *items, **more):
    return {"hour": hour, "items": items, **more}


def roundtable(number, title, **more):
    return item(title, name=f"Roundtable {number}", theme=int(number[0]), media="Closed", **more)


THURSDAY = {
    "title": "Thursday 6 December 2018",
    "slots": [
        slot("All day", item(name="Civil Society Days, day 2", room="Palm Plaza Hotel")),
        slot(
            "08:30–09:45",
            item(
                "Three in parallel; titles to be announced",
                name="Side-events",
                room="Oliveraie, Palmeraie, Roseraie",
                room_to_confirm="to be confirmed",
            ),
            item("Side-event on skills", room="Orangeraie", cancelled="Cancelled"),
        ),
        slot(
            "10:00–12:30",
            roundtable("1.1", "Harnessing migrants’ existing capitals to build resilience", room="Oliveraie"),
            roundtable("2.1", "South-South mobility: trends, patterns and transferable learning", room="Palmeraie"),
            roundtable(
                "3.1",
                "Aligning governance with contemporary drivers of migration",
                room="Orangeraie",
            ),
            to_confirm="to be confirmed",
        ),
        slot("12:30–14:00", item("The Road Ahead", name="Side-event of BMZ and MPI", room="Roseraie")),
        slot(
            "Afternoon",
            roundtable(
                "1.2",
                "Migrants’ engagement with public services: from basic access to co-production",
                room="To be announced",
                to_confirm="day to be confirmed",
            ),
            roundtable(
                "2.2",
                "Regional mobility and policy coherence to support development",
                lines=["Co-chairs: Philippines, Egypt, Zambia"],
                room="Oliveraie",
            ),
            to_confirm="hours to be confirmed",
        ),
        slot("17:15–19:15", item(name="Research workshop", room="Orangeraie")),
    ],
}
FRIDAY = {
    "title": "Friday 7 December 2018",
    "slots": [
        slot("09:00–11:00", item(name="Common Space", room="Oliveraie", media="Photo opportunity")),
        slot(
            "12:30–13:30", item(name="Closing ceremony", room="Oliveraie", media="Open"), to_confirm="to be confirmed"
        ),
    ],
}
REMARKS = [
    "All hours are those of Marrakesh (UTC+1). Side-events are not part of the official agenda.",
]
AGENDA_DAY_EN = {
    "print": print_of("Organization of work, Thursday 6 December 2018", "GFMD/2018/AG.3/Rev.1"),
    "agenda": {
        "kicker": "Organization of work",
        "title": THURSDAY["title"],
        "days": [THURSDAY],
        "remarks": REMARKS,
    },
}
AGENDA_EN = {
    "print": print_of("Organization of work, 6–7 December 2018", "GFMD/2018/AG.1"),
    "agenda": {"title": "5–7 December 2018", "days": [THURSDAY, FRIDAY], "remarks": REMARKS},
}


def front_of(given_name, family_name, *, papers, **more):
    return {
        "print": print_of(
            f"Participant pack of {given_name} {family_name}", "", distribution="Personal", original_language=""
        ),
        "delegate": {
            "name": f"{given_name} {family_name}",
            "arabic_name": more.get("arabic_name", ""),
            "party": more["country"],
            "function": "Head of Unit, Ministry of Foreign Affairs",
        },
        "name": f"{given_name} {family_name}",
        "party": more["country"],
        "papers": papers,
        "days": [
            {
                "title": "Thursday 6 December 2018",
                "items": [
                    {
                        **roundtable("1.1", "Harnessing migrants’ existing capitals to build resilience"),
                        "hour": "10:00–12:30",
                        "hour_to_confirm": "to be confirmed",
                        "room": "Room: Oliveraie",
                        "place": "At the table",
                    },
                    {
                        **roundtable("2.2", "Regional mobility and policy coherence to support development"),
                        "hour": "Afternoon",
                        "hour_to_confirm": "hours to be confirmed",
                        "room": "Room: Oliveraie",
                        "place": "Waiting list, third",
                    },
                ],
            },
            {
                "title": "Friday 7 December 2018",
                "items": [
                    {"name": "Closing ceremony", "hour": "12:30–13:30", "room": "Room: Oliveraie"},
                ],
            },
        ],
        "remarks": REMARKS,
        "members": [{"name": "Ms. Salma NAMOUDHAJ", "function": "Adviser", "is_head": True}],
        "badge": face(
            Bearer(
                uuid="00000000-0000-0000-0000-000000000000",
                given_name=given_name,
                family_name=family_name,
                arabic_name=more.get("arabic_name", ""),
                function="Head of Unit",
                party=more["country"],
                category=more.get("category", "Member State"),
                colour="#161a36",
                badge="0012-7K3M-9QPT",
                has_temporary_pass=True,
            ),
            Ink.COLOUR,
        ),
    }


PAPERS_EN = [{"label": f"RT{number}", "name": f"Roundtable {number}", "title": ""} for number in ("2.2", "2.1")]
FRONT_EN = front_of("Ms. Salma", "NAMOUDHAJ", country="Morocco", arabic_name="سلمى نموذج", papers=PAPERS_EN)

PRINT_AR = {
    "distribution": "التوزيع: عام",
    "date_text": "6 كانون الأول/ديسمبر 2018",
    "original_language": "الأصل: بالإنكليزية",
    "status": "ترجمة غير رسمية",
    "edition_text": "برنامج 6 كانون الأول/ديسمبر، الساعة 08:41",
    "forum_name": "المنتدى العالمي للهجرة والتنمية",
    "forum_edition": "القمة الحادية عشرة",
    "forum_place_dates": "مراكش، من 5 إلى 7 كانون الأول/ديسمبر 2018",
}
NOTE_AR = {
    "print": print_of("ورقة مفاهيمية، المائدة المستديرة 2.2", "GFMD/2018/RT.2.2/1", **PRINT_AR),
    "note": {
        "theme": 2,
        "number_text": "المائدة المستديرة 2.2",
        "title": "التنقل الإقليمي واتساق السياسات دعماً للتنمية",
        "theme_text": "الموضوع 2. التنقل الإقليمي لتعزيز التعلم القابل للنقل واتساق السياسات",
        "facts": [
            {
                "label": "اليوم",
                "text": "الخميس 6 كانون الأول/ديسمبر 2018، بعد الظهر",
                "to_confirm": "الساعة قيد التأكيد",
            },
            {"label": "القاعة", "text": "Oliveraie"},
            {"label": "الرئاسة المشتركة", "text": "الفلبين ومصر وزامبيا"},
        ],
        "outcomes": [
            text(
                "يتحدث المشروع الأولي للاتفاق العالمي عن بنية لإدارة الهجرة على الصعيدين العالمي والإقليمي، وهو ما يعطي وزناً لسؤال بسيط: من يوجه التنقل داخل الإقليم، ولأي غاية؟"
            ),
            text("It will ask where the States of a region could work more closely together.", language="en"),
        ],
        "questions": questions(
            text("ما الذي يساعد الدول على تنفيذ الاتفاقات الإقليمية بشأن حرية التنقل على الصعيد الوطني؟"),
            text(
                "هل يمكن مواءمة السياسات الوطنية مع حركات التنقل الفعلية في الإقليم؟",
                {
                    "note": "الاتفاق العالمي من أجل الهجرة، المبدأ التوجيهي العاشر.",
                    "urls": ["https://refugeesmigrants.un.org/"],
                },
            ),
        ),
    },
}
AGENDA_AR = {
    "print": print_of("تنظيم الأعمال، الخميس 6 كانون الأول/ديسمبر 2018", "GFMD/2018/AG.3/Rev.1", **PRINT_AR),
    "agenda": {
        "kicker": "Organization of work",
        "title": "الخميس 6 كانون الأول/ديسمبر 2018",
        "days": [
            {
                "title": "الخميس 6 كانون الأول/ديسمبر 2018",
                "slots": [
                    slot(
                        "10:00–12:30",
                        item(
                            "تسخير رؤوس أموال المهاجرين القائمة لبناء القدرة على الصمود",
                            name="المائدة المستديرة 1.1",
                            theme=1,
                            room="Oliveraie",
                            media="مغلق",
                        ),
                        item(
                            "South-South mobility: trends, patterns and transferable learning",
                            title_language="en",
                            name="المائدة المستديرة 2.1",
                            theme=2,
                            room="Palmeraie",
                            media="مغلق",
                        ),
                        to_confirm="قيد التأكيد",
                    ),
                ],
            }
        ],
        "remarks": ["جميع الساعات بتوقيت مراكش."],
    },
}
FRONT_AR = {
    **front_of(
        "السيدة سلمى",
        "نموذج",
        country="المغرب",
        papers=[{**PAPERS_EN[0], "name": "المائدة المستديرة 2.2"}],
    ),
    "print": print_of("حقيبة المشارك", "", **PRINT_AR),
}
