"""A paper in French, of another forum that never was."""

from datetime import date

from programme.concept_paper.tree import Event, Footnote, Paper, Roundtable, Section, Theme, When

from .ports import text, texts

MOUNTAINS = Paper(
    title="Deuxième Forum des villages de montagne – Aoste 2032",
    language="fr",
    overarching_theme="Tenir parole envers celles et ceux d’en haut",
    sections=(
        Section(
            line=0,
            numeral="I",
            heading="Introduction",
            body=text(
                "Les villages de montagne vivent une époque singulière[^1]. Leurs habitants sont moins nombreux ; "
                "leurs "
                "visiteurs le sont toujours davantage.",
                "Les priorités des hôtes sont les suivantes :",
                "- Relier les travaux sur l’eau à ceux sur l’école ;\n- Faire le bilan de dix années de réunions.",
            ),
        ),
        Section(
            line=0,
            numeral="II",
            heading="Deuxième Forum des villages de montagne – Aoste 2032",
            body=text("Les débats porteront sur un thème et se tiendront en deux tables rondes :"),
        ),
        Section(
            line=0,
            numeral="IV",
            heading="Journée des écoles",
            body=text("Les écoles se réunissent la veille. Leur rapport est lu en séance plénière."),
        ),
    ),
    themes=(
        Theme(
            line=0,
            number=1,
            title="De l’isolement à l’échange : reconnaître les villages comme acteurs du développement",
            rationale=text(
                "On dit « isolé » un lieu que l’on ne connaît pas. La table ronde 2.1 de 2031 l’a montré : ce sont les "
                "routes, et non les gens, qui manquent[^2].",
            ),
            roundtables=(
                Roundtable(
                    line=0,
                    theme=1,
                    place=1,
                    title="L’eau des villages",
                    outcomes=texts("La table ronde doit établir comment l’eau peut être partagée avec l’aval."),
                    questions=texts(
                        "Qu’entend-on par « eau commune » ?",
                        "Qui la paie ? Et qui devrait la payer ?",
                        "Quels exemples peut-on citer (barrages, fontaines, etc.) ?",
                    ),
                ),
                Roundtable(
                    line=0,
                    theme=1,
                    place=2,
                    title="L’école du haut : garder les classes ouvertes",
                    outcomes=texts("Il est attendu une liste de bonnes pratiques."),
                    questions=texts("Comment garder une classe de cinq élèves ?", "Faut-il la garder ?"),
                ),
            ),
        ),
    ),
    events=(
        Event(
            line=0,
            kind="workshop",
            title="L’eau et le Programme 2040",
            when=When(
                written="les 18 et 19 avril à La Thuile",
                timing="dated",
                starts_on=date(2032, 4, 18),
                ends_on=date(2032, 4, 19),
            ),
            city="La Thuile",
        ),
        Event(
            line=0,
            kind="workshop",
            title="Les enfants des alpages",
            when=When(
                written="du 30 juin au 1er juillet à Cogne",
                timing="dated",
                starts_on=date(2032, 6, 30),
                ends_on=date(2032, 7, 1),
            ),
            city="Cogne",
        ),
        Event(
            line=0,
            kind="side_event",
            title="Montagnes et santé",
            when=When(
                written="à confirmer, juillet à New York", timing="month", month=date(2032, 7, 1), to_confirm=True
            ),
            city="New York",
        ),
    ),
    footnotes=(
        Footnote(line=0, number=1, text="Voir le rapport de 2031 sur les villages"),
        Footnote(
            line=0, number=2, text="Office des routes, 2030", urls=("https://routes.example/rapports/annuel_2030.pdf",)
        ),
    ),
)
