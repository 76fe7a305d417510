"""The second cohort: open, with applications at every station of their way."""

from dibt.demo.plans import ApplicationPlan, CohortPlan, Fate, Opinion, ProjectPlan, Said, Source
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field
from projects.schema.questions import RatingQuestion

ARABIC_TASK = TaskSchema(
    fields=(Field(name="prompt", title="التعليمة"),),
    questions=(
        RatingQuestion(
            name="quality",
            title="ما جودة هذه التعليمة؟",
            description="قيّم التعليمة نفسها، لا الجواب عنها.",
            min_label="سيئة جدًا",
            max_label="جيدة جدًا",
        ),
    ),
)

ARABIC_GUIDELINES = """\
## المطلوب

اقرأ التعليمة وقيّم جودتها من 1 (سيئة جدًا) إلى 5 (جيدة جدًا). قيّم التعليمة نفسها، لا الجواب عنها.

## متى تكون التعليمة جيدة؟

- **واضحة**: نفهم منها المطلوب من القراءة الأولى.
- **مفيدة**: يهمّ جوابها شخصًا ما.
- **كاملة**: فيها كل ما يلزم للإجابة عنها.

## عند الشك

ثق بانطباعك الأول، وتجاوز ما لا تستطيع الحكم عليه.
"""

YORUBA = ProjectPlan(
    application=ApplicationPlan(
        lead="ibis",
        started=24,
        decided=20,
        fate=Fate.CONFIRMED,
        said=Said(
            title="Yorùbá, with every tone mark",
            pitch="Tone marks carry meaning in Yorùbá, and most models lose them. The delta readers label tweets "
            "that kept theirs, so that a model can learn what the marks change.",
            languages=("yor_Latn",),
            domain="social_media",
            task_kind="text_classification",
            data_source="NaijaSenti, the Nigerian Twitter sentiment corpus; names were replaced by @user.",
            licence="cc-by-4.0",
            target=150,
            organisation="delta-readers",
        ),
        opinion=Opinion(
            need=5, feasibility=4, community=4, comment="Needs people who read tone marks; they have them."
        ),
        feedback="You know your readers, and the texts are ready. We look forward to it.",
    ),
    source=Source(file="naijasenti-yor.tsv", column="tweet", field="text", label_column="label"),
    overlap=3,
    prepared=17,
    opened=16,
    crew={"okapi": 4, "heron": 3, "hoopoe": 2, "ibis": 1},
    turns=132,
)

ARABIC = ProjectPlan(
    application=ApplicationPlan(
        lead="tern",
        started=23,
        decided=18,
        fate=Fate.CONFIRMED,
        said=Said(
            title="تعليمات كل يوم",
            pitch="Everyday instructions in Arabic: letters, recipes, questions before one rents a flat. Most such "
            "collections are translated from English and sound like it; these were written in the language.",
            languages=("arb_Arab",),
            domain="conversation",
            task_kind="prompt_rating",
            data_source="Written by our own group, in Modern Standard Arabic.",
            licence="cc0-1.0",
            target=40,
        ),
        opinion=Opinion(
            need=4,
            feasibility=5,
            community=4,
            comment="Written by themselves, so nobody's rights are touched.",
        ),
        feedback="Instructions written in the language instead of translated into it: this is what is missing.",
    ),
    source=Source(file="arabic-prompts.jsonl", column="prompt", field="prompt", id_column="id"),
    overlap=3,
    prepared=13,
    opened=12,
    crew={"gecko": 4, "hoopoe": 4, "civet": 2, "lynx": 2, "ibis": 1},
    turns=80,
    guidelines=ARABIC_GUIDELINES,
    task=ARABIC_TASK,
)

IGBO = ProjectPlan(
    application=ApplicationPlan(
        lead="heron",
        started=21,
        decided=8,
        fate=Fate.CONFIRMED,
        said=Said(
            title="Igbo, as it is typed",
            pitch="Igbo online mixes spellings, dots and English. We label short messages by feeling, just as they "
            "were typed, so that models stop stumbling over them.",
            languages=("ibo_Latn",),
            domain="social_media",
            task_kind="text_classification",
            data_source="NaijaSenti, the Nigerian Twitter sentiment corpus; names were replaced by @user.",
            licence="cc-by-4.0",
            target=60,
        ),
        opinion=Opinion(need=5, feasibility=4, community=3, comment="Do they have enough readers?"),
        feedback="Welcome. Tell us when you need help finding readers.",
    ),
    source=Source(file="naijasenti-ibo.tsv", column="tweet", field="text", label_column="label"),
    overlap=3,
    prepared=5,
    crew={},
)

COHORT = CohortPlan(
    name="Second cohort",
    description="Which dataset does your community miss? Tell us in a few lines. Languages that open source lacks come "
    "first, and nobody needs to code. Chosen groups get an annotation Space, and people who read along.",
    opens=26,
    closes=-20,
    seats=8,
    monthly_budget=250,
    wanted_languages=("yor_Latn", "ibo_Latn", "arb_Arab", "swh_Latn"),
    wanted_domains=("conversation", "education", "health"),
    wanted_tasks=("prompt_rating", "text_classification", "translation_review"),
    projects=(YORUBA, ARABIC, IGBO),
    others=(
        ApplicationPlan(
            lead="tern",
            started=2,
            fate=Fate.DRAFT,
            said=Said(
                title="Market signs of three cities",
                pitch="Signs above the stalls say a lot in few words. We still have to decide which",
                languages=("arb_Arab",),
                domain="culture",
                task_kind="text_classification",
            ),
        ),
        ApplicationPlan(
            lead="okapi",
            started=9,
            fate=Fate.REVIEWED,
            said=Said(
                title="Health leaflets in Swahili",
                pitch="Leaflets of clinics are translated in a hurry. We rate the translations and correct them, with "
                "nurses among us who know what people ask.",
                languages=("swh_Latn", "eng_Latn"),
                domain="health",
                task_kind="translation_review",
                data_source="Leaflets in the public domain, translated by our members.",
                licence="cc-by-4.0",
                target=300,
            ),
            opinion=Opinion(
                need=5, feasibility=3, community=4, comment="Strong need. Ask who checks the medical terms."
            ),
        ),
        ApplicationPlan(
            lead="marmot",
            started=4,
            fate=Fate.SUBMITTED,
            said=Said(
                title="Questions children ask",
                pitch="Why is the sky blue, and who switched on the moon? Their questions are short, odd and hard. "
                "We collect them at school and rate how good a question each is.",
                languages=("eng_Latn", "deu_Latn"),
                domain="education",
                task_kind="prompt_rating",
                data_source="Written down by teachers, without names, with the parents' consent.",
                licence="cc-by-sa-4.0",
                target=400,
            ),
        ),
        ApplicationPlan(
            lead="hoopoe",
            started=15,
            decided=3,
            fate=Fate.ACCEPTED,
            said=Said(
                title="Sayings of the souk",
                pitch="Two explanations of one saying: which would your grandmother give? We compare them in pairs, "
                "among the people who grew up with the sayings.",
                languages=("arb_Arab",),
                domain="culture",
                task_kind="preference",
                data_source="Sayings collected by our members, explained by them.",
                licence="cc-by-4.0",
                target=200,
                organisation="souk-letters",
            ),
            opinion=Opinion(need=4, feasibility=4, community=5, comment="A pleasure to read. Yes."),
            feedback="A lovely idea with people behind it. Confirm, and your project is there.",
        ),
        ApplicationPlan(
            lead="civet",
            started=17,
            decided=7,
            fate=Fate.DECLINED,
            said=Said(
                title="Everything about the news",
                pitch="We label news of all kinds.",
                languages=("eng_Latn",),
                domain="news",
                task_kind="text_classification",
                data_source="Newspapers.",
                licence="cc-by-4.0",
                target=10_000,
            ),
            opinion=Opinion(need=2, feasibility=2, community=1, comment="Which news, and may they be used?"),
            feedback="We could not see which texts these are, nor whether you may use them. Name the source and its "
            "licence, and who will annotate with you; the cohort is open for some time yet.",
        ),
    ),
)
