"""The words by which a text about one child is told from a text about anybody else: English and
Spanish, as data. Every word stands folded: lower case, without accents."""

from __future__ import annotations

import unicodedata
from typing import Final


def fold(text: str) -> str:
    """Lower case, without accents: how words are compared here."""
    apart = unicodedata.normalize("NFD", text.replace("’", "'"))
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# First names that are mostly given to children today, and are no ordinary words, towns or streets.
CHILD_NAMES: Final = _set("""
aaliyah aarav abdiel abigail adan addison adeline aiden alaia aleida alessandra alexa alexis alina alison
alondra amaya amelia amir analia anahi ariana arianna ariel arjun arya ashton asher aubrey aubree ava avery
axel ayden ayla bella benicio benjamin bentley braxton brayan brayden brooklyn bryson caleb camila camilo
carson cayden chase chloe colton cooper cristiano daleyza damian daniela danna dante dayana declan derek
diego dylan easton eden eleanor elena eli elian eliana elias elijah elliana ellie emely emerson emilia
emiliano emilio emily emma enzo esme esteban ethan evan evelyn everly everett ezequiel ezra fabian fatima
fernanda finn gael gavin genesis gianna giovanni grayson greyson hailey harper hazel henry hudson iker
ian isaac isabela isabella isla itzel ivan jace jaden jaiden jalen jamal jayceon jayden jaylen jaxon jaxson
jeremiah joaquin jocelyn josiah josue juniper kai kaiden kamila kayden kaylee keira kevin kehlani kiara
kylie kylo layla leilani leon leonardo levi liam lia liliana lily lola logan luca lucas lucca lucia luis
luka luna lucy lyla maddox malachi malia mateo matias matthew maverick maya melany melanie melissa mia micah
michelle mila miles milan milo muhammad mohammed naomi natalia nathan nevaeh nia nicolas noah noe nolan
nora nova octavio oliver olivia omar oscar owen penelope quinn rafael ramiro raul remi renata riley roman
romeo ryan ryder ryker rylee samantha samara santino saul savannah sawyer scarlett sebastian serenity
silas skylar sofia sophia sophie stella thiago theo theodore valentina valeria vicente violet willow wyatt
xavier ximena yaretzi yael zaid zayden zoe zoey zyaire tyler tyson aleksander anaya aria ayaan kenji
mei minh linh anh kiran priya rohan saanvi yusuf ibrahim hamza khalid amina zara zainab destiny trinity
ulises uriel santi santiaguito sofi mati leo dieguito juanito carlitos pedrito luisito anita miguelito
""")

# First names of children and of adults alike: a name only where the sentence speaks of a child.
ANY_NAMES: Final = _set("""
adam adrian aiden alan alba alberto alejandra alejandro alex alfredo alice alicia alma amanda ana andre
andrea andres andrew angel angela angelica anna anthony antonio april armando arturo ashley aurora austin
autumn beatriz bella brandon brian camden carla carlos carmen carolina caroline carter cesar charles charlie
charlotte chris christian christopher claire clara claudia connor cruz crystal daisy dakota daniel david
dawn denise diana dolores dominic dora eduardo edgar edward elizabeth ella ellen enrique eric erica erika
ernesto esperanza eva faith felipe felix fernando flor francisco frank gabriel gabriela gabriella george
gloria grace graciela guadalupe guillermo gustavo hannah hector hope hugo hunter ines irene iris isabel
israel ivy jack jackson jacob jade jaime jake james jane jasmin jasmine jason javier jennifer jessica
jesus jimmy joel john johnny jordan jorge jose joseph joshua josefina juan juana julia julian julie julio
justin karen karina karla katherine kimberly kingston laura lauren leah leslie leticia lincoln linda lisa
lorena louis luz lupe madison manuel marcela marcos marcus margarita maria mariana marina mario marisol mark
marlene marta martha martin mary mason max megan mercedes michael miguel miranda miriam monica monserrat nancy
natalie nicole norma olga pablo paola parker patricia patrick paul paula paulina pedro peter phoenix rachel
ramon raquel raymond rebecca ricardo richard robert roberto rocio rodrigo rosa rosario rose ruben ruby ruth
salvador sam samuel sandra santiago sara sarah sergio silvia sonia stephanie steven summer susana sydney
teresa thomas tony tomas vanessa veronica victor victoria violeta vivian walter wendy william yesenia
yolanda zachary brianna kayla haley hayden peyton reagan bailey kennedy taylor morgan marisa
regina romina ivanna abril antonella ezekiel nehemiah malik amari kamari ximenita lupita rosita toto nico beto memo pepe
""")

CHILD_NOUNS: Final = _set("""
child kid student boy girl toddler infant baby son daughter preschooler twin twins sibling brother sister
kiddo pupil year-old yearold olds old enrollee stepson grandson granddaughter nephew niece
nino nina nene nena bebe alumno alumna estudiante hijo hija pequeno pequena chico chica muchacho muchacha
gemelos mellizos hermanito hermanita hermano hermana nieto nieta sobrino sobrina chiquito chiquita peque
ninos ninas kids children students boys girls toddlers babies alumnos alumnas bebes
""")

# One child, not children in general: beside it a diagnosis is somebody's.
ONE_CHILD: Final = _set("""
he she him his her hers child kid student boy girl toddler infant baby son daughter preschooler twin
kiddo pupil year-old one el ella nino nina nene nena bebe alumno alumna estudiante hijo hija pequeno
pequena chico chica muchacho muchacha le lo gemelo
""")

ADULT_NOUNS: Final = _set("""
teacher teachers co-teacher coteacher director directors aide aides assistant assistants staff educator
educators provider providers consultant consultants coach coaches coordinator coordinators supervisor
supervisors principal owner licensee helper helpers substitute sub caregiver caregivers colleague
colleagues coworker coworkers co-worker co-workers specialist therapist therapists nurse doctor
pediatrician psychologist psychiatrist counselor administrator manager husband wife partner neighbor volunteer intern
cook bookkeeper social-worker worker workers trainer instructor employee employees adult adults
mentor supervisora supervisor analyst clinician advocate mother father mom dad grandmother grandfather
grandma grandpa parent parents guardian aunt uncle boss lead founder friend landlord inspector mama papa
maestra maestro maestras maestros directora educadora educador educadoras ayudante ayudantes asistente
asistentes proveedora proveedor cuidadora cuidador consultora consultor coordinadora coordinador personal
duena dueno suplente companera companero colega colegas especialista terapeuta enfermera doctora
pediatra psicologa psicologo consejera trabajadora trabajador voluntaria voluntario esposo esposa pareja
vecina vecino madre padre abuela abuelo tia tio profesora profesor profe encargada encargado jefa jefe
cocinera auxiliar auxiliares administradora gerente adulta adulto amiga amigo
""")

TITLES: Final = _set("""
ms mr mrs miss mx dr prof rev sister sra sr srta senora senor senorita dona don profe maestra maestro
teacher tia tio auntie uncle nana abuelita coach miss. senorita lic
""")

PLACES_BEFORE: Final = _set(
    "san santa santo saint st mount lake fort port los las del el la villa rancho"
)
ROOMS: Final = _set("room class classroom group salon clase grupo sala aula house")
PLACES_AFTER: Final = _set("""
street st avenue ave road rd drive lane way elementary school schools preschool center centre daycare day
child childcare family learning academy county park room class classroom group church unified valley
creek beach hills hill city district college university library hospital head early house place preescolar
montessori foundation program programs program's team site hall blvd boulevard unit island escuela
""")
ORGANIZATIONS: Final = _set("""
county office agency network district department wested state regional referral r&r program college
school university company union church clinic first condado oficina agencia red distrito estado
""")

# What one child does: a name before it is a child's.
DOES: Final = _set("""
hits bites kicks throws screams cries pushes spits scratches pinches yells punches tantrums refuses elopes
shoves grabs pulls hurts whines hitting biting kicking throwing screaming crying pushing spitting
scratching pinching yelling punching shoving grabbing naps wets soils headbutts melts bangs bit kicked
threw screamed cried punched spat scratched pinched bolts darts climbs slaps slapped slapping
muerde pega patea grita llora empuja escupe rasguna pellizca avienta golpea tira jala berrinchea lastima
mordio pego pateo grito lloro empujo escupio rasguno aviento golpeo muerda pegue
mordiendo pegando pateando gritando llorando empujando escupiendo aventando golpeando corre araña arana
""")
# Words that may stand between a name and what the child does.
BETWEEN: Final = _set("""
is was always often still also just has been keeps kept sometimes never constantly usually started starts
will would then and who that only suddenly continues again gets got even really
siempre a veces todavia tambien esta estaba se me le les nos no ya nunca que sigue empezo empieza suele
mucho solo casi
""")
NEEDS_FIT: Final = _set("""
tantrum tantrums meltdown meltdowns outburst outbursts fits accidents rages berrinche berrinches
rabietas crisis
""")
WONT: Final = _set("won't wont doesn't doesnt can't cant cannot didn't didnt isn't")
WONT_WHAT: Final = _set("""
nap sit eat share listen sleep talk speak stay stop play follow calm settle separate transition wait
use respond join let cooperate participate potty
""")

# What belongs to one child: "Mateo's tantrums", "la mamá de Mateo".
OWNED: Final = _set("""
mom mother dad father parents parent family behavior behaviors behaviour tantrums tantrum biting hitting
meltdowns outbursts grandma grandmother grandparents aggression iep ifsp birthday diagnosis twin brother sister
crying screaming mommy daddy mama foster stepdad stepmom aggressive biting bites actions outburst
mama papa madre padre padres abuela abuelita berrinches comportamiento conducta mordidas golpes familia
cumpleanos hermano hermana diagnostico agresion mami papi tutora conductas rabietas llanto
""")

NAMED: Final = _set("named called llamado llamada llamados name names nombre nombrado nombrada")

# What else has a name.
THINGS: Final = _set("""
programa centro escuela salon clase grupo guarderia program center school class classroom room group
curriculum curso libro juego perro gato mascota book game pet dog song cancion hogar negocio ciudad
""")

CLOSINGS: Final = _set("""
thanks thank you sincerely regards best warmly respectfully signed gracias atentamente saludos cordialmente
cheers bendiciones firma
""")

# Words that begin with a capital and are nobody's name.
COMMON: Final = _set("""
i a an the this that these those he she it we they you who what which when where why how if as at by for
from in into of on to with without about after before during since until because and or but so nor yet
nobody everyone everybody someone somebody anyone anybody one another each every both some many most all
none few several other others my our your his her their its there here now then today tomorrow yesterday
also always never sometimes often usually again still just only even maybe please yes no not ok okay
monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays
january february march april may june july august september october november december
spanish english chinese mandarin cantonese vietnamese korean tagalog hmong arabic russian farsi armenian
mexican american latino latina hispanic african asian native indigenous
christmas halloween thanksgiving easter ramadan covid covid-19 zoom google iep ifsp ece tk asd adhd cps
cdss r&r wic rr id usa california head start early mental health infant network iecmhc wested cspp
child kid student boy girl toddler infant baby children kids students boys girls toddlers infants babies
mom mother dad father parent parents grandma grandpa mommy daddy family families staff teacher teachers
director aide aides assistant assistants behavior behaviour aggression stress reality winter summer spring
fall rain heat circle lunch nap naptime snack outside inside play transition transitions time times drop-off
pickup room class classroom group center program school preschool daycare care protective welfare services
service development teacher study find abuse street council education support safety observation action
club nutrition advocate psychologist center's community social work worker consultation consultant
last next first second third two three four five six seven eight nine ten half more less new old
recently currently lately overall note notes question questions help hello hi dear thanks thank can could
would should will do does did is are was were has have had been being am let lets let's i'm i've we're
we've it's he's she's they're don't doesn't won't can't didn't isn't aren't there's that's what's who's
el la los las un una unos unas y o pero si no ni que quien cual cuando donde como por para de del al en con
sin sobre desde hasta entre mi mis tu su sus nuestro nuestra nuestros nuestras este esta estos estas ese esa
eso esto yo tu usted ustedes ellos ellas nosotros nosotras alguien nadie todos todas cada otro otra otros
otras algunos algunas varios muchos ningun ninguno lunes martes miercoles jueves viernes sabado domingo
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre hoy ayer manana
hay tenemos tengo tiene tienen necesito necesitamos quiero queremos es son era fue ha han he esta estan
nino nina ninos ninas bebe bebes mama papa madre padre padres abuela maestra maestras maestro directora
asistente personal gracias hola ahora antes despues siempre nunca tambien ademas aqui alli muy mas menos
dos tres cuatro cinco seis siete ocho nueve diez primer primero segundo ultimo cuidado centro programa
escuela salon clase grupo sala espanol ingles mexico señora senora senor salud red comportamiento conducta
san santa santo saint uno le se me nos les lo tía tia cuales unos habia
""")
