"""The first cohort: closed, its projects well on their way."""

from dibt.demo.plans import ApplicationPlan, CohortPlan, Fate, Opinion, ProjectPlan, Said, Source

PROMPTS = ProjectPlan(
    application=ApplicationPlan(
        lead="ibis",
        started=68,
        decided=44,
        fate=Fate.CONFIRMED,
        said=Said(
            title="Prompts worth answering",
            pitch="Which instructions are worth a good answer? We rate instructions that people really wrote, so that "
            "small teams can train on the best ones instead of on everything they find. No expertise is "
            "needed: if you have ever asked a computer for something, you can judge.",
            languages=("eng_Latn",),
            domain="general",
            task_kind="prompt_rating",
            data_source="Self-Instruct, the 252 instructions its authors wrote around well-known applications.",
            licence="apache-2.0",
            target=120,
        ),
        opinion=Opinion(
            need=4, feasibility=5, community=5, comment="Small, clear, and everybody can join. A good first."
        ),
        feedback="Everybody can take part in this one, and the task is clear from the first minute. Welcome!",
    ),
    source=Source(file="prompts-user-oriented.jsonl", column="instruction", field="prompt", id_column="id"),
    overlap=3,
    prepared=22,
    opened=21,
    crew={"okapi": 6, "heron": 5, "gecko": 4, "lynx": 3, "marmot": 3, "civet": 2, "hoopoe": 2, "tern": 1},
    turns=240,
    has_space=True,
)

HAUSA = ProjectPlan(
    application=ApplicationPlan(
        lead="tern",
        started=63,
        decided=44,
        fate=Fate.CONFIRMED,
        said=Said(
            title="Feelings in Hausa tweets",
            pitch="Hausa is spoken by some eighty million people, and hardly a model can tell when they are pleased. "
            "We label short public messages as positive, neutral or negative, two people each.",
            languages=("hau_Latn",),
            domain="social_media",
            task_kind="text_classification",
            data_source="NaijaSenti, the Nigerian Twitter sentiment corpus; names were replaced by @user.",
            licence="cc-by-4.0",
            target=80,
        ),
        opinion=Opinion(
            need=5, feasibility=4, community=4, comment="The data is there. Who are the second readers?"
        ),
        feedback="A language that needs it. Find two or three readers more before you open.",
    ),
    source=Source(file="naijasenti-hau.tsv", column="tweet", field="text", label_column="label"),
    overlap=2,
    prepared=20,
    opened=19,
    crew={"gecko": 5, "marmot": 4, "lynx": 3, "hoopoe": 2},
    turns=158,
)

PIDGIN = ProjectPlan(
    application=ApplicationPlan(
        lead="lynx",
        started=66,
        decided=45,
        fate=Fate.CONFIRMED,
        said=Said(
            title="How Naija Pidgin feels",
            pitch="Nigerian Pidgin is understood from Lagos to London and is missing from most datasets. We read what "
            "people write every day and say whether it is positive, neutral or negative.",
            languages=("pcm_Latn",),
            domain="social_media",
            task_kind="text_classification",
            data_source="NaijaSenti, the Nigerian Twitter sentiment corpus; names were replaced by @user.",
            licence="cc-by-4.0",
            target=60,
        ),
        opinion=Opinion(need=5, feasibility=5, community=3, comment="Modest, and it will get done."),
        feedback="We like that you start small and finish. Go ahead.",
    ),
    source=Source(
        file="naijasenti-pcm.tsv",
        column="tweet",
        field="text",
        label_column="label",
        suggested_by="NaijaSenti annotators",
    ),
    overlap=2,
    prepared=22,
    opened=21,
    crew={"civet": 5, "okapi": 4, "marmot": 3, "heron": 3},
    turns=180,
    completed=4,
)

COHORT = CohortPlan(
    name="First cohort",
    description="The first groups who build a dataset with us: what is missing, who needs it, and who will help. "
    "Each group gets an annotation Space and somebody to ask.",
    opens=75,
    closes=47,
    seats=4,
    monthly_budget=120,
    wanted_languages=("hau_Latn", "yor_Latn", "ibo_Latn", "pcm_Latn"),
    wanted_domains=("general", "social_media"),
    wanted_tasks=("prompt_rating", "text_classification"),
    projects=(PROMPTS, HAUSA, PIDGIN),
    others=(
        ApplicationPlan(
            lead="gecko",
            started=60,
            decided=44,
            fate=Fate.DECLINED,
            said=Said(
                title="Reviews of every app there is",
                pitch="We want to label all reviews of all apps, in as many languages as there are.",
                languages=("eng_Latn", "fra_Latn", "spa_Latn"),
                domain="other",
                task_kind="text_classification",
                data_source="Collected from app shops.",
                licence="cc-by-4.0",
                target=500_000,
            ),
            opinion=Opinion(
                need=2,
                feasibility=1,
                community=2,
                comment="Half a million records, and whose texts are these?",
            ),
            feedback="Half a million records are more than a first group can finish, and the reviews belong to those "
            "who wrote them. Choose one language and texts with a free licence, and apply again.",
        ),
    ),
)
