"""Facts about English that grammar needs: which nouns name acts, and what a verb does to the act under it.

The classes decide status and control, not categories: what an act *is* stands in codebooks.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- nouns that name acts: verb <- nouns -------------------------------------------------------

_NOMINALS = """
abduct: abduction | accuse: accusation | advance: advance | aid: aid | ambush: ambush | annex: annexation
appeal: appeal | apologize: apology | arrest: arrest | assassinate: assassination | assault: assault
attack: attack offensive onslaught | ban: ban | blockade: blockade | bomb: bombing bombardment | boycott: boycott
breach: breach | call: call phone-call telephone-call | capture: capture | cease: cessation | clash: clash
collaborate: collaboration | complain: complaint | condemn: condemnation | confer: conference | confront: confrontation
consult: consultation | convict: conviction | cooperate: cooperation | crackdown: crackdown | criticize: criticism
deliver: delivery | demand: demand | demonstrate: demonstration | deny: denial | deploy: deployment redeployment
deport: deportation | detain: detention | discuss: discussion | dismiss: dismissal | donate: donation
embargo: embargo | evacuate: evacuation | execute: execution | exercise: exercise drill | expel: expulsion
extradite: extradition | fight: fight fighting | fire: firing | host: hosting | impose: imposition
imprison: imprisonment
incursion: incursion | invade: invasion incursion | investigate: investigation inquiry probe | invite: invitation
kidnap: kidnapping | kill: killing | launch: launch | mass: massing build-up buildup | mediate: mediation
meet: meeting summit get-together rendezvous | mobilize: mobilization mobilisation | move: movement | murder: murder
negotiate: negotiation | occupy: occupation | offer: offer | order: order | patrol: patrol | persecute: persecution
pledge: pledge | praise: praise | promise: promise | propose: proposal | protest: protest | provoke: provocation
punish: punishment | raid: raid | reassure: reassurance | rebuke: rebuke | rebuff: rebuff | recognize: recognition
refuse: refusal | reject: rejection | release: release | reinforce: reinforcement | repatriate: repatriation
request: request | rescue: rescue | resign: resignation | retaliate: retaliation | retreat: retreat
sanction: sanction | seize: seizure | sell: sale | send: dispatch | sentence: sentencing | shell: shelling
shoot: shooting | ship: shipment | sign: signing | station: stationing | storm: storming | strike: strike airstrike
sue: lawsuit suit | supply: supply | support: support backing | suspend: suspension | talk: talk | dialogue: dialogue
tell: telling | test: test | threaten: threat ultimatum | torture: torture | train: training | transfer: transfer
travel: trip travel | try: trial | veto: veto | visit: visit | vote: vote | warn: warning | withdraw: withdrawal pullout
rebut: rebuttal | refute: refutation | repudiate: repudiation | disavow: disavowal | contradict: contradiction
phone: phone-call | summon: summons | congratulate: congratulations | speak: conversation | chat: chat
"""

VERB_OF_NOUN: dict[str, str] = {}
for _entry in _NOMINALS.replace("\n", " | ").split("|"):
    if ":" in _entry:
        _verb, _nouns = _entry.split(":")
        for _noun in _nouns.split():
            VERB_OF_NOUN.setdefault(
                _noun.replace("phone-call", "call").replace("telephone-call", "call"), _verb.strip()
            )

# Prepositions behind a noun that stand for the verb's direct object: attack on, visit to, criticism of.
OBJECT_PREPOSITIONS = ("of", "on", "against", "to", "into", "upon", "at", "for", "over", "toward", "towards")

# Verbs that lend a noun their subject, tense and status: launch an attack, hold talks, pay a visit.
LIGHT_VERBS = _words(
    """have hold make take give pay launch conduct carry stage mount issue deliver send extend express offer put
    begin start continue resume open wage perform do undertake impose place execute lead initiate engage level voice
    utter enter join attend participate complete conclude finish undergo face announce propose suggest arrange schedule
    plan organize organise invite agree accept convene co-host host reiterate repeat renew exchange"""
)
# Light verbs whose own meaning already makes the act less than done.
LIGHT_PLANNED = _words("propose suggest offer arrange schedule plan organize organise agree accept prepare")

# --- what a governing verb does to the act under it ------------------------------------------------

SAY = _words(
    """say tell add state announce declare report note stress insist maintain reiterate explain remark reveal disclose
    comment tweet write confirm affirm reaffirm emphasize emphasise underline underscore recall continue conclude
    acknowledge admit concede argue testify observe point inform assure remind relate quote cite mention post repeat
    contend hear"""
)
# Verbs of speech that are no plain assertions: whoever is their subject speaks.
SPEECH = _words(
    """warn caution threaten vow pledge promise urge demand ask call suggest propose signal hint predict swear cry shout
    protest retort counter reply respond answer thunder boast joke quip charge fume bristle complain object parry quote
    declare urge agree hope describe explain"""
)
ALLEGE = _words(
    "allege claim accuse suspect charge believe think assume speculate rumour rumor purport estimate assess blame"
)
POSSIBLE = _words(
    """fear worry suggest hint imagine wonder doubt hope wish expect anticipate predict forecast consider contemplate
    weigh mull ponder discuss debate risk urge ask call demand request want encourage invite order tell instruct
    advise recommend press pressure beg implore plead seek try attempt help allow let enable permit authorize authorise
    hope want wish seek aim mean threaten warn caution may like ban forbid prohibit prevent deter avoid stop dissuade
    discourage discuss signal
    oppose judge propose need require propose appeal aim"""
)
INTEND = _words(
    """plan intend prepare agree promise pledge vow offer commit undertake swear schedule set arrange
    volunteer consent ready expect propose invite choose """
)
REFUSE = _words("refuse decline fail neglect omit forget forbear refrain desist abstain")
DENY = _words("deny reject dismiss refute rebut disavow repudiate disclaim deride ridicule contradict")
# The act under these happened (or goes on): they add nothing but aspect or attitude.
ASPECT = _words(
    """decide resolve determine begin start continue keep resume manage proceed go succeed help dare bother condemn
    welcome praise criticize
    criticise regret confirm celebrate mark follow see witness cause bring finish complete remember join attend"""
)
END = _words("stop end halt cease suspend cancel postpone delay abandon scrap shelve")

# What these verbs do to the act under them is keep it from happening.
PREVENT = _words(
    "prevent avoid stop deter dissuade discourage ban bar forbid prohibit block keep save spare thwart foil avert"
)
REFUSE_NOUNS = _words("refusal failure inability unwillingness reluctance")
ALLEGED_ADVERBS = _words("allegedly reportedly purportedly supposedly apparently ostensibly")
DOUBTFUL_ADVERBS = _words("perhaps probably possibly maybe likely presumably conceivably potentially")
ALLEGED_ADJECTIVES = _words("alleged suspected supposed reported purported presumed claimed")
DOUBTFUL_ADJECTIVES = _words("possible potential hypothetical likely threatened feared eventual imminent looming")
PLANNED_ADJECTIVES = _words("planned expected scheduled upcoming forthcoming future proposed intended promised coming")
TRUE_ADJECTIVES = _words("true correct accurate clear certain evident obvious")
FALSE_ADJECTIVES = _words("false untrue incorrect wrong impossible inconceivable unthinkable")

SAY_NOUNS = _words(
    """notice assurance word signal indication hint pledge vow warning statement remark comment announcement report
    declaration speech claim message confirmation"""
)
ALLEGE_NOUNS = _words("allegation accusation claim charge suspicion belief rumour rumor assertion contention")
PLAN_NOUNS = _words(
    """plan intention intent decision promise pledge vow agreement commitment offer readiness willingness proposal
    invitation preparation bid schedule order deal pact desire wish ambition design determination mission"""
)
POSSIBLE_NOUNS = _words(
    """possibility chance risk threat fear prospect likelihood option idea hope concern worry warning speculation danger
    attempt effort demand call request appeal need way opportunity permission right ability power pretext scenario
    evidence sign proof
    probability expectation prediction doubt question event case talk suggestion pressure ultimatum"""
)
INTEND_ADJECTIVES = _words(
    "ready willing prepared set due determined keen eager poised bound scheduled committed about"
)
POSSIBLE_ADJECTIVES = _words("possible able unlikely likely reluctant unable afraid free welcome conceivable probable")
REFUSE_ADJECTIVES = _words("unwilling unable reluctant")

# Object control: the object of the governing verb does the act (urge X to withdraw).
OBJECT_CONTROL = _words(
    """urge ask tell order force invite allow permit encourage persuade pressure press call warn advise request compel
    help enable authorize authorise instruct want expect need require implore beg convince lead cause let make see hear
    push appeal demand challenge remind forbid prevent stop deter ban bar accuse blame suspect charge condemn criticize
    criticise thank praise allege oblige prompt task lobby direct assign beseech entice command sentence"""
)

NEGATORS = _words("not n't never no neither nor hardly scarcely barely nobody none nothing without cannot")
TRUE_CONDITIONS = _words("if unless should provided providing lest whether")

RELATIVE_PRONOUNS = _words("who whom which that whose")

# Heads that say nothing themselves: a number of soldiers, dozens of tanks, $4 million worth of arms.
EMPTY_HEADS = _words(
    """number group series range variety dozen hundred thousand million billion lot majority minority part couple pair
    worth handful wave package round set batch kind type sort form bulk rest portion score member column convoy
    contingent tranche raft amount quantity shipload consignment string state level"""
)

# Texts that speak for whoever issues them.
DOCUMENTS = _words(
    """statement report letter resolution speech bill decree order law declaration communique message tweet article
    interview memo note petition editorial release post comment remark press-release announcement"""
)

WEEKDAYS = _words("monday tuesday wednesday thursday friday saturday sunday")
MONTHS = _words(
    "january february march april may june july august september october november december jan feb aug sept oct nov dec"
)
TIME_NOUNS = (
    WEEKDAYS
    | MONTHS
    | _words(
        """day week month year today yesterday tomorrow tonight morning afternoon evening night weekend hour minute
        time moment"""
    )
)
