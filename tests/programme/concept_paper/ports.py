"""The paper of a forum that never was, with every trap of a real one."""

from datetime import date

from programme.concept_paper.tree import Event, Footnote, Paper, Passage, Roundtable, Section, Theme, When


def text(*paragraphs: str) -> Passage:
    return Passage(line=0, text="\n\n".join(paragraphs))


def texts(*each: str) -> tuple[Passage, ...]:
    return tuple(text(one) for one in each)


PORTS = Paper(
    title="Fourth Forum of River Ports – Ruse 2031",
    language="en",
    overarching_theme="Keeping the promises made to those who live by the water",
    sections=(
        Section(
            line=0,
            numeral="I",
            heading="Introduction",
            body=text(
                "River ports have changed more in ten years than in the century before. Ships grow, crews shrink, and "
                "towns that once turned their back on the quay now build on it. The meeting of 2029 asked what a port "
                "owes to its town – and what a town owes to its port – without finding one answer for all[^1].",
                "Since then, “calm, safe and shared waters” have become a phrase of treaties. Target 14.2 and "
                "paragraph "
                "23 of the Ulm Declaration say as much, in short- and long-term plans alike. The three priorities of "
                "the hosts are to:",
                "- Bring the work on floods and that on freight together, as the paper “Ten Years of Rivers, 2019 – "
                "2029” proposed.\n- Ask an outside expert what became of earlier advice.",
                "This paper sets out the themes that the hosts have in mind for the year.",
            ),
        ),
        Section(
            line=0,
            numeral="II",
            heading="Fourth Forum of River Ports – Ruse 2031",
            body=text(
                "The theme takes up the talks of 2030, held under the title “Rivers without Borders.” Ports of "
                "every size "
                "took part, and so did “those who never saw one.”",
                "The debates will follow two themes and be held at three roundtables:",
            ),
        ),
        Section(
            line=0,
            numeral="IV",
            heading="Common Quay – A Word on the Role of the Forum in the Rivers Treaty",
            body=text(
                "A common session brings port workers, carriers and mayors together. It has no agenda of its own.",
                "It may well be the place at which the Forum says what it expects of the Treaty.",
            ),
        ),
        Section(
            line=0,
            numeral="V",
            heading="Carriers’ Day",
            body=text(
                'Carriers meet a day earlier, on the theme "Fair Freight, Now and Here." They report in plenary.'
            ),
        ),
    ),
    themes=(
        Theme(
            line=0,
            number=1,
            title="From harm to strength: recognising boatwomen and boatmen as makers of the towns of the Danube",
            rationale=text(
                "To keep a river clean is the duty of States. Others can help, and some 258 million[^2] people who "
                "live "
                "by rivers do so every day, often unasked.",
                "However, to call all of them “weak” helps nobody. They know their river (its floods, its ice, its "
                "people), they know each other, and what they lack is a say – whether in planning, in building or in "
                "the money that is spent for them by others.",
                "Building on what was said in Roundtable 2.1 of the Forum of 2030, this theme looks at several levels "
                "at once. It also goes back to last year’s round tables 3.1 and 3.2 on carriers and on schools.",
            ),
            roundtables=(
                Roundtable(
                    line=0,
                    theme=1,
                    place=1,
                    title="Putting to use what boat families know of Danube and Sava floods",
                    outcomes=texts(
                        "The expected outcome is a list of ways in which the knowledge of boat families has served "
                        "against floods. On the one hand, such knowledge is old and nowhere written down. On the other "
                        "hand, it is often better than the maps, gender-sensitive ones included."
                    ),
                    questions=texts(
                        "What do we mean by strength on a river?",
                        "Which kinds of knowledge do boat families have? (e.g. of ice, currents, people, trade, etc.)",
                        "How can the loss of moorings be met? How can women’s part in trade be made to count?",
                        "What is the role of carriers?",
                        "How far do CO2 levies and the rules of the Danube Commission help towns to reach Goal 11 "
                        "and other "
                        "aims?",
                        "One of the principles of the Treaty is that nobody is left ashore[^3]. How do we make this "
                        "true in a "
                        "region of many languages?",
                    ),
                ),
                Roundtable(
                    line=0,
                    theme=1,
                    place=2,
                    title="People of the river and the offices of the town: from first advice to co-production",
                    outcomes=texts(
                        "It is expected that participants agree on what offices owe to those who live on boats, from a "
                        "first address (also known as a ‘mooring letter’) to a seat at the table.",
                    ),
                    questions=texts(
                        "How much does the stress on fares keep towns from seeing how fares can serve other ends that "
                        "matter to the places which boats come from (e.g. schools or workshops)?",
                        "How can fares serve other ends that matter to the places which boats come from (e.g. "
                        "schools or "
                        "workshops)?",
                        "Do ports (as opposed to towns) act together? For instance, is there any table at which "
                        "they meet "
                        "and, if so, how do they agree with wider bodies such as the Commission?",
                        "What might be done on quays to help? (including through the hiring of crews)",
                    ),
                ),
            ),
        ),
        Theme(
            line=0,
            number=2,
            title="Regional traffic as a school of policy",
            rationale=text(
                "Most freight never leaves its region. The ports of the south exchange half of it among "
                "themselves[^4]. Even "
                "there, figures are few and old.[^5]",
                "Trade by river is thus regional first. Bodies such as the Sava Commission have learnt how to agree.",
            ),
            roundtables=(
                Roundtable(
                    line=0,
                    theme=2,
                    place=1,
                    title="South-South traffic: who learns from whom",
                    summary=text("This roundtable goes on where that of 2030 ended."),
                    outcomes=texts(
                        "For more than a decade, talk about fares has dwelt on their level (currently 7.45%)[^6]. "
                        "Less has been "
                        "said about what they pay for.",
                        "The expected outcome is a closer look at what towns and ports can learn from one another.",
                    ),
                    questions=texts(
                        "How do ports of one region differ from those of another?",
                        "Can agreement be copied? And, if so, how?",
                        "Which good examples of public/private work are there?",
                        "What have the talks of Ulm, Linz, Novi Sad, Vidin and Galaţi taught?",
                    ),
                ),
            ),
        ),
    ),
    events=(
        Event(
            line=0,
            kind="workshop",
            title="Rivers and Agenda 2040",
            when=When(
                written="18th and 19th April in Passau",
                timing="dated",
                starts_on=date(2031, 4, 18),
                ends_on=date(2031, 4, 19),
            ),
            city="Passau",
        ),
        Event(
            line=0,
            kind="workshop",
            title="Children on boats",
            when=When(
                written="21st, 22nd June in Novi Sad",
                timing="dated",
                starts_on=date(2031, 6, 21),
                ends_on=date(2031, 6, 22),
            ),
            city="Novi Sad",
        ),
        Event(
            line=0,
            kind="side_event",
            title="Rivers and rural life: towards a partnership of towns and villages on the lower Danube",
            when=When(
                written="26th March in New York",
                timing="dated",
                starts_on=date(2031, 3, 26),
                ends_on=date(2031, 3, 26),
            ),
            city="New York",
        ),
        Event(
            line=0,
            kind="side_event",
            title="Boats and Health (BAH)",
            when=When(written="TBC, July in New York", timing="month", month=date(2031, 7, 1), to_confirm=True),
            city="New York",
        ),
    ),
    footnotes=(
        Footnote(line=0, number=1, text="See the report “Quays of 2029”, which was never published in full"),
        Footnote(
            line=0,
            number=2,
            text="Office of Rivers, Rivers in Figures, consulted December 2030",
            urls=("http://www.rivers.example/en/office/figures/publications/rivers_in_figures_2030_Highlights.pdf",),
        ),
        Footnote(
            line=0,
            number=3,
            text="The 4th principle of the Treaty says: “Whoever lives by the water is asked before anything is built "
            "on it, boat families, schools, carriers, parliaments and the press included.”",
        ),
        Footnote(
            line=0,
            number=4,
            text="Maurer I and Popescu D (2028) Freight of the South, RIVERBANK, consulted in December 2030",
            urls=("http://www.riverbank.example/49e479c311.pdf",),
        ),
        Footnote(
            line=0,
            number=5,
            text="",
            urls=("http://www.oir.example/wcm/groups/public/---south/---ro-galati_braila/documents/wcms_402370.pdf",),
        ),
        Footnote(
            line=0,
            number=6,
            text="Ilić, Jørgen & Ana Petrova (2026) Fares and What They Pay For. Belgrade. The brief for the "
            "session on "
            "fares (2)",
            urls=(
                "https://www.fares.example/Publications/Publication/?x=9229",
                "https://rivertreaty.example/sites/default/files/final_issue_brief_2.pdf",
            ),
        ),
    ),
)
