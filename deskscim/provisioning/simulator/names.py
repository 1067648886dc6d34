"""The cast: made-up people's names in several scripts, with the Latin spelling that their addresses use."""

from dataclasses import dataclass

Name = tuple[str, str]


@dataclass(frozen=True)
class Culture:
    """Given and family names that go together, and whether the family name comes first."""

    given: tuple[Name, ...]
    family: tuple[Name, ...]
    family_first: bool = False

    def display_name(self, given: str, family: str) -> str:
        """Return the whole name in the order and with the spacing of its culture."""
        if self.family_first:
            return f"{family}{given}"
        return f"{given} {family}"


def _latin(words: str) -> tuple[Name, ...]:
    return tuple((word.replace("_", " "), word.lower().replace("_", "")) for word in words.split())


def _pairs(words: str) -> tuple[Name, ...]:
    native_and_latin = (word.split("/") for word in words.split())
    return tuple((native, latin) for native, latin in native_and_latin)


CULTURES = (
    Culture(
        _latin(
            "Mira Tobin Ada Jonas Leona Rufus Ines Caleb Odette Felix Marlo Greta Silas Wanda Emmet Priya"
        ),
        _latin("Ashgrove Fennimore Castell Okafor Winterbourne Dalca Marchetti Thornby Vance Holloway Quill"),
    ),
    Culture(
        _pairs(
            "Zoë/zoe Jörg/joerg Søren/soeren Łucja/lucja Šárka/sarka Íñigo/inigo Ånge/aange Gülşen/gulsen"
        ),
        _pairs("Müßig/muessig D'Arvel/darvel Nørgård/noergaard Świtała/switala Çetinay/cetinay"),
    ),
    Culture(
        _pairs("Мирослава/miroslava Тихон/tikhon Злата/zlata Платон/platon Дарина/darina Остап/ostap"),
        _pairs("Ветров/vetrov Соколенко/sokolenko Яровой/yarovoy Белозёр/belozyor Крутько/krutko"),
    ),
    Culture(
        _pairs("Ἄννα/anna Λυδία/lydia Φοίβος/foivos Θάλεια/thaleia Ορέστης/orestis"),
        _pairs("Μελάς/melas Δρακάκης/drakakis Ζωγράφου/zografou Ψαρράς/psarras"),
    ),
    Culture(
        _pairs("ليلى/layla سامر/samer نورا/noura طارق/tariq هناء/hanaa"),
        _pairs("الورداني/alwardani بستاني/bustani الصافي/alsafi مرجان/murjan"),
    ),
    Culture(
        _pairs("मीरा/meera आरव/aarav ईशा/isha तनय/tanay"),
        _pairs("वर्मणी/varmani चंद्रेश/chandresh सोनवाल/sonwal नंदिकर/nandikar"),
    ),
    Culture(
        _pairs("美咲/misaki 大輝/daiki 結衣/yui 蓮/ren 子涵/zihan 思远/siyuan"),
        _pairs("霧島/kirishima 花沢/hanazawa 欧阳/ouyang 青柳/aoyagi 慕容/murong"),
        family_first=True,
    ),
    Culture(
        _pairs("서윤/seoyun 도현/dohyun 하린/harin 지후/jihu"),
        _pairs("남궁/namgung 황보/hwangbo 선우/sunwoo 독고/dokgo"),
        family_first=True,
    ),
)
CULTURE_WEIGHTS = (10, 4, 2, 1, 2, 2, 2, 1)

COMPANY_DOMAINS = (
    "northwind.example",
    "fabrikam.example",
    "contoso.example",
    "adatum.example",
    "tailspin.example",
)
GUEST_DOMAINS = ("fourthcoffee.example", "wingtip.example", "lucerne.example", "proseware.example")
TITLES = (
    *("Account Manager", "Buyer", "Data Analyst", "Facilities Lead", "Field Engineer", "Head of Claims"),
    *("Intern", "Legal Counsel", "Nurse (Night Shift)", "Payroll Clerk", "R&D Chemist", "VP, Ops"),
)
DEPARTMENTS = (
    "Claims",
    "Customer Care",
    "Finance",
    "IT/Operations",
    "Legal",
    "Logistics",
    "R&D",
    "Ventas y Operación",
)
PHONE_FORMATS = (
    "+1 206 555 01{:02}",
    "(415) 555-01{:02}",
    "312.555.01{:02}",
    "+1-617-555-01{:02} ext. 7",
    "+120255501{:02}",
)
COUNTRIES = ("Canada", "Côte d'Ivoire", "Iceland", "Kenya", "New Zealand", "Portugal", "日本")
WORDS = ("Aurora", "Basalt", "Cobalt", "Delta", "Ember", "Fjord", "Grove", "Harbour", "Indigo")
