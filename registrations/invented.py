"""Persons who do not exist: names put together from syllables, written the way their States write names."""

from dataclasses import dataclass
from random import Random

from people.models import Party


@dataclass(frozen=True)
class Syllables:
    """A given and a family name are each a beginning and an end."""

    given: tuple[str, str]
    family: tuple[str, str]

    def name(self, random: Random) -> tuple[str, str]:
        given, family = ("".join(random.choice(part.split()) for part in parts) for parts in (self.given, self.family))
        return given, family


REGIONS = {
    "Africa": Syllables(
        (
            "Abe Chi Dali Efu Gani Imu Kove Lemi Mosi Nara Onye Sefu Tano Uzo Waki Zali",
            "ko la mba ndi ra shi tu we",
        ),
        (
            "Adu Balo Chanda Dembe Faro Gwira Ikoru Kasho Lunga Mbeza Nkolu Obari Sanzo Tefu Wanji Ziri",
            "ba dira ghali kwe lemo mbi ngo nuka rani so tare vu",
        ),
    ),
    "Americas": Syllables(
        (
            "Ade Beni Cari Dori Elvi Fabi Geri Ili Joa Luci Mari Nelo Odi Rami Sari Tavi Yoli",
            "bel da lina món na nio sa ta",
        ),
        (
            "Albu Barre Cande Dovi Espi Farra Galve Hinos Larra Mondi Nuñe Olva Pedre Quiro Salva Tordi Urbe Zarri",
            "ches dera gosa jano lban mayo nilla ques rado tegui vares zola",
        ),
    ),
    "Asia": Syllables(
        (
            "Ana Bao Chan Dari Emi Firu Hana Iko Jun Kama Lien Mina Nari Pra Rumi Sita Tian Yuki",
            "dra gul ko li ni ra shan ta yong",
        ),
        (
            "Andar Bhasu Cheno Dewar Ganta Haraku Indra Kodai Lamsu Munda Ngoru Pathi Ranga Sumaru Thapo Wijor Zafra",
            "bala chai gara jima kul lan mori nath pong rama sena tani yev",
        ),
    ),
    "Europe": Syllables(
        (
            "Abre Brita Cosi Dagni Elzi Fioni Grego Hedvi Jola Katri Ludo Milo Nadi Oska Petro Rosli Stani Vesna",
            "ck la n na r s ta w",
        ),
        (
            "Asklu Brzo Černi Dolvi Estra Falmo Grevi Hőre Jurga Kvasto Løve Małgo Novsi Östra Pelki Ravšu Şante Văla",
            "berg dahl escu holt icz idis kova mark nen poulos ski sson vics vik",
        ),
    ),
    "Oceania": Syllables(
        ("Afa Eti Falo Ihai Kele Losi Mana Nari Peni Sione Tavi Vailu", "ki la ni ta tu"),
        ("Fale Havili Kalo Latu Manu Nofo Paluma Siale Taufo Vaka", "ata heke lei moana nui pola tai vao"),
    ),
}

# The same syllables in either script
ARABIC_GIVEN = (
    "Bad:بد Dal:دل Far:فر Ham:حم Jal:جل Naz:نز Raf:رف Sal:سل Tam:تم Wid:ود Yas:يس Zar:زر",
    "an:ان il:يل im:يم ir:ير oun:ون ia:ية",
)
ARABIC_FAMILY = (
    "Al-Bar:البر Al-Dakh:الدخ Al-Gham:الغم Al-Khal:الخل Al-Mas:المس Al-Qand:القند Al-Rash:الرش Al-Tar:التر Bouz:بوز",
    "adi:ادي ani:اني ari:اري awi:اوي ifi:يفي ouri:وري",
)

SPEAK_ARABIC = (
    "ARE BHR COM DJI DZA EGY IRQ JOR KWT LBN LBY MAR MRT OMN PSE QAT SAU SDN SOM SYR TUN YEM AMU ARCP ESCWA GCC LAS"
)
SPEAK_FRENCH = (
    "BDI BEL BEN BFA CAF CHE CIV CMR COD COG DZA FRA GAB GIN HTI LUX MAR MCO MDG MLI MRT NER SEN TCD TGO TUN OIF"
)
SPEAK_SPANISH = "ARG BOL CHL COL CRI CUB DOM ECU ESP GTM HND MEX NIC PAN PER PRY SLV URY VEN RCM SACM"
BEAR_ONE_NAME = "AFG BTN IDN IND MMR MNG"

HONORIFICS = {"en": ["Mr.", "Ms.", "Dr."], "fr": ["M.", "Mme", "Dr"], "es": ["Sr.", "Sra.", "Dr."]}
EXCELLENCIES = {"en": ["H.E. Mr.", "H.E. Ms."], "fr": ["S.E. M.", "S.E. Mme"], "es": ["Excmo. Sr.", "Excma. Sra."]}
HEADS = {
    "en": ["Minister of Labour", "Minister for Diaspora Affairs", "Deputy Minister of Foreign Affairs",
           "Ambassador, Permanent Representative", "State Secretary for Migration"],
    "fr": ["Ministre de l’intérieur", "Ministre déléguée chargée de la diaspora", "Secrétaire d’État aux migrations",
           "Ambassadeur, Représentant permanent"],
    "es": ["Ministra de Relaciones Exteriores", "Viceministro de Movilidad Humana",
           "Embajador, Representante Permanente"],
}  # fmt: skip
OFFICIALS = {
    "en": ["Adviser", "Counsellor", "Director of Migration", "First Secretary", "Head of Division", "Legal Officer",
           "Minister Counsellor", "Policy Analyst", "Second Secretary", "Senior Desk Officer"],
    "fr": ["Attaché", "Chef de division", "Chargée de mission", "Conseiller", "Directrice des migrations",
           "Premier Secrétaire"],
    "es": ["Asesora", "Consejero", "Directora General de Migración", "Jefe de Departamento", "Primer Secretario"],
}  # fmt: skip
MEMBERS = ["Adviser", "Chair", "Coordinator", "Executive Director", "Policy Officer", "Programme Manager", "Researcher"]


@dataclass(frozen=True)
class Invented:
    given_name: str
    family_name: str
    arabic_name: str
    honorific: str
    function: str
    languages: set[str]


def invent(random: Random, party: Party, *, is_government: bool, leads: bool) -> Invented:
    given, family, arabic = _names(random, party)
    if is_government:
        language = "fr" if _is(party, SPEAK_FRENCH) else "es" if _is(party, SPEAK_SPANISH) else "en"
        function = random.choice((HEADS if leads else OFFICIALS)[language])
        honorific = random.choice((EXCELLENCIES if leads else HONORIFICS)[language])
        family = family.upper() if language == "fr" else family  # as these States write it
    else:
        language, function, honorific = "en", random.choice(MEMBERS), random.choice(HONORIFICS["en"])
    languages = {"en", language, *(["ar"] if arabic else [])}
    return Invented(given, family, arabic, honorific, function, languages)


def _names(random: Random, party: Party) -> tuple[str, str, str]:
    if _is(party, SPEAK_ARABIC):
        pairs = [[random.choice(part.split()).split(":") for part in parts] for parts in (ARABIC_GIVEN, ARABIC_FAMILY)]
        (given, arabic_given), (family, arabic_family) = (map("".join, zip(*pair, strict=True)) for pair in pairs)
        return given, family, f"{arabic_given} {arabic_family}"
    given, family = REGIONS[party.region if party.region in REGIONS else random.choice(list(REGIONS))].name(random)
    return "" if _is(party, BEAR_ONE_NAME) and random.random() < 0.3 else given, family, ""


def _is(party: Party, among: str) -> bool:
    return party.code in among.split()
