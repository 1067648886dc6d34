"""The house's own rules: who may import whom, who may write a contact, and how long things may be.

Read from the source with `ast`: nothing is imported, so nothing escapes by being imported late.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("companies", "contacts", "deskscim", "tests", "manage.py", "bootstrap.py")

LONGEST_FUNCTION = 50
LONGEST_FILE = 400


class Module:
    """One source file and what it imports of ours."""

    def __init__(self, path: Path) -> None:
        self.path = path.relative_to(ROOT)
        self.is_package = path.name == "__init__.py"
        self.name = ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")
        self.source = path.read_text()
        self.tree = ast.parse(self.source)

    @cached_property
    def imports(self) -> Mapping[str, set[str]]:
        """Modules of ours: imported at the "start", by a "call" of a function, for checking "types"."""
        found: dict[str, set[str]] = {"start": set(), "call": set(), "types": set()}
        for when, node in _imports(self.tree):
            found[when] |= set(self._modules(node))
        return found

    @property
    def all_imports(self) -> set[str]:
        """Whenever they happen."""
        return set().union(*self.imports.values())

    def _modules(self, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            base = self._base(node)
            names = [f"{base}.{alias.name}" for alias in node.names]
        for name in names:
            yield from _of_ours(name)

    def _base(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.name.split(".") + ["itself"] * self.is_package
        return ".".join([*package[: -node.level], *filter(None, [node.module])])


def _imports(tree: ast.AST, when: str = "start") -> Iterator[tuple[str, ast.Import | ast.ImportFrom]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield when, node
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _imports(node, "call")
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _imports(ast.Module(node.body, []), "types")
            yield from _imports(ast.Module(node.orelse, []), when)
        else:
            yield from _imports(node, when)


def _of_ours(name: str) -> Iterator[str]:
    """The longest beginning of a dotted name that is a module here."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    if name:
        yield name


def _files() -> Iterator[Path]:
    for place in PLACES:
        path = ROOT / place
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


MODULES = {module.name: module for module in map(Module, _files()) if "migrations" not in module.path.parts}
PRODUCT = {name: module for name, module in MODULES.items() if not name.startswith("tests")}


def within(name: str, *packages: str) -> bool:
    """Whether a module is one of the packages or inside."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def arrows(importing: str, *imported: str) -> list[str]:
    """Every import from inside one package into the others, whenever it happens."""
    return [
        f"{name} -> {target}"
        for name, module in PRODUCT.items()
        if within(name, importing)
        for target in module.all_imports
        if within(target, *imported) and not within(target, importing)
    ]


def test_the_reader_sees_imports_of_every_kind() -> None:
    """If it saw nothing, everything below would pass."""
    assert {"contacts.draft", "contacts.errors", "contacts.models"} <= MODULES[
        "contacts.lifecycle"
    ].all_imports
    assert "contacts.models" in MODULES["contacts.querysets"].imports["types"]
    assert "companies.domains" in MODULES["contacts.addresses"].imports["start"]
    contact = MODULES["contacts.models.contact"]
    assert contact.all_imports == {"companies.models", "contacts.querysets"}


@pytest.mark.parametrize(
    ("app", "others"),
    [
        ("companies", ["contacts", "deskscim"]),
        ("contacts", ["deskscim.agents", "deskscim.provisioning"]),
        ("deskscim.agents", ["companies", "contacts", "deskscim.provisioning"]),
        ("deskscim.jobs", ["companies", "contacts", "deskscim.agents", "deskscim.provisioning"]),
        ("deskscim.provisioning", ["deskscim.agents"]),
    ],
)
def test_imports_between_apps_run_one_way(app: str, others: list[str]) -> None:
    """companies <- contacts <- provisioning; agents and jobs stand apart, and contacts have jobs done."""
    assert arrows(app, *others) == []


@pytest.mark.parametrize("wiring", ["deskscim.settings", "deskscim.urls", "deskscim.wsgi"])
def test_wiring_is_imported_by_nobody(wiring: str) -> None:
    """Django finds settings and URLs by name; only the tests' own settings build on ours."""
    importing = {name for name, module in MODULES.items() if wiring in module.all_imports}
    assert importing - {"tests.settings", "tests.benchmarks.floor_settings"} == set()


def test_nothing_imports_tests() -> None:
    """bootstrap.py starts the suite as a program."""
    assert [
        name for name, module in PRODUCT.items() if any(within(one, "tests") for one in module.all_imports)
    ] == []


def reached(name: str) -> set[str]:
    """Every module of ours that importing `name` imports."""
    found: set[str] = set()
    ahead = {name}
    while ahead:
        found |= ahead
        ahead = set().union(*(MODULES[one].imports["start"] for one in ahead)) - found
    return found


@pytest.mark.parametrize(
    "pure", ["schema", "patch", "errors", "resource", "selection", "values", "preconditions"]
)
def test_the_pure_parts_of_scim_reach_no_models(pure: str) -> None:
    """Plain data in, plain data out; not even by way of another module."""
    models = {name for name in MODULES if name.endswith(".models")}
    assert reached(f"deskscim.provisioning.scim.{pure}") & models == set()


# An arrow inside an app goes to the same layer or to one further down.
LAYERS = (
    ("admin", "urls", "urls_companies", "urls_tickets", "views", "scim", "management"),
    ("forms", "formfields", "fieldforms"),
)


def layer(name: str) -> int:
    """0 for the core of an app, 2 for what meets the world."""
    parts = set(name.split("."))
    return next((2 - depth for depth, words in enumerate(LAYERS) if parts & set(words)), 0)


@pytest.mark.parametrize(
    "app", ["companies", "contacts", "deskscim.agents", "deskscim.jobs", "deskscim.provisioning"]
)
def test_imports_within_an_app_run_downwards(app: str) -> None:
    """models <- lifecycle, domains <- forms <- views, admin, scim."""
    upward = [
        f"{name} -> {target}"
        for name, module in PRODUCT.items()
        for target in module.all_imports
        if within(name, app) and within(target, app) and layer(target) > layer(name)
    ]
    assert upward == []


def test_no_module_imports_itself_by_a_detour() -> None:
    """No circles: taking away whatever imports nothing that is left must take away everything."""
    waiting = {name: module.imports["start"] - {name} for name, module in MODULES.items()}
    while free := {name for name, imports in waiting.items() if not imports & waiting.keys()}:
        waiting = {name: imports for name, imports in waiting.items() if name not in free}
    assert waiting.keys() == set()


def test_nothing_is_imported_inside_a_function() -> None:
    """An import inside a function is a circle in hiding."""
    assert {name: late for name, module in PRODUCT.items() if (late := module.imports["call"])} == {}


def test_only_querysets_name_their_model_for_the_type_checker() -> None:
    """A model has its queryset, and the queryset's type is its model: the one circle that is true."""
    named = {name: types for name, module in PRODUCT.items() if (types := module.imports["types"])}
    assert named == {f"{app}.querysets": {f"{app}.models"} for app in ("companies", "contacts")}


WRITERS = (
    "contacts.lifecycle",
    "contacts.draft",
    "contacts.addresses",
    "contacts.merging",
    "contacts.tickets",
)
WRITTEN = {"Contact", "ContactAddress", "TimelineEntry", "Ticket"}
WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update",
    "update_or_create",
}
INNER = {"contacts.addresses", "contacts.mapping", "contacts.matching", "contacts.merging", "contacts.states"}


def written_models(tree: ast.AST) -> Iterator[str]:
    """Calls such as `Contact.objects.filter(...).update(...)`, by their first and last name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            first: ast.AST = node.func
            while isinstance(first, ast.Attribute | ast.Call):
                first = first.value if isinstance(first, ast.Attribute) else first.func
            if isinstance(first, ast.Name) and first.id in WRITTEN:
                yield f"{first.id}.{node.func.attr}"


@pytest.mark.parametrize(
    "source",
    ["Contact.objects.filter(pk=1).update(name='x')", "Ticket(pk=1).save()", "f(Contact.objects.create())"],
)
def test_the_reader_sees_writes(source: str) -> None:
    """If it saw none, the next test would pass."""
    assert list(written_models(ast.parse(source)))


def test_contacts_are_written_by_the_lifecycle_alone() -> None:
    """One transition, one function, every door."""
    past = {name: calls for name, module in PRODUCT.items() if (calls := list(written_models(module.tree)))}
    assert {name: calls for name, calls in past.items() if name not in WRITERS} == {}


def test_the_lifecycles_own_parts_are_used_by_it_alone() -> None:
    """Matching, mapping and the address plan decide; whoever called them elsewhere would decide anew."""
    using = {name: used for name, module in PRODUCT.items() if (used := module.all_imports & INNER)}
    assert using.keys() - INNER == {"contacts.lifecycle", "contacts.draft"}


def functions(module: Module) -> Iterator[tuple[str, int]]:
    """Each function and its length in lines."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{module.name}.{node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_no_function_is_long() -> None:
    """What does not fit on a screen is two functions. Outside tests, where a body may be spelt out."""
    lengths = [one for module in PRODUCT.values() for one in functions(module)]
    assert [one for one in lengths if one[1] > LONGEST_FUNCTION] == []


def test_no_file_is_long() -> None:
    """Outside tests and migrations."""
    lengths = {name: module.source.count("\n") for name, module in PRODUCT.items()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}
