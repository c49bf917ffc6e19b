"""The types of single values in a questionnaire document: texts, keys, links, numbers."""

import re
from decimal import Decimal
from typing import Annotated, Any

from django.conf.locale import LANG_INFO
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from scorecard.conditions import is_number
from scorecard.constraints import KEY, OF_PERSON
from scorecard.problems import Words

LANGUAGES = frozenset(LANG_INFO)  # codes known to Django
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _storable(text: str) -> str:
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        raise PydanticCustomError("control_character", Words("holds a control character"))
    return text


def _key(text: str) -> str:
    if not re.fullmatch(KEY, text):
        raise PydanticCustomError(
            "key", Words("must be small letters, digits and underscores, a letter first")
        )
    return text


def _option_id(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise PydanticCustomError("option_id", Words("must be letters, digits, hyphens and underscores"))
    return text


def _language(code: str) -> str:
    if code and code not in LANGUAGES:
        raise PydanticCustomError("language", Words("must be the code of a language, such as de or pt-br"))
    return code


def _json(value: Any) -> Any:
    """YAML values as JSON has them: decimals as numbers, and texts that PostgreSQL stores."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, str) and UNSTORABLE.search(value):
        raise PydanticCustomError("string_unicode", Words("holds a character that cannot be stored"))
    if isinstance(value, list):
        return [_json(item) for item in value]
    return {_json(key): _json(item) for key, item in value.items()} if isinstance(value, dict) else value


def _tree(value: Any) -> Any:
    """A tree of texts whose keys PostgreSQL stores; the texts themselves are checked where they belong."""
    if isinstance(value, list):
        return [_tree(item) for item in value]
    return {_json(key): _tree(item) for key, item in value.items()} if isinstance(value, dict) else value


def _number(value: Any) -> Any:
    found = _json(value)
    if not is_number(found):
        raise PydanticCustomError("float_type", Words("must be a number"))
    return found


def _web_address(text: str) -> str:
    if not re.fullmatch(r"(https?://|mailto:|tel:|/)\S+", text):
        raise PydanticCustomError("link", Words("must begin with https://, mailto:, tel: or /"))
    return text


def _color(text: str) -> str:
    if text and not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise PydanticCustomError("color", Words("must be a colour such as #0a7d4f"))
    return text


def _property(text: str) -> str:
    if text and not re.fullmatch(r"[a-z][a-z0-9_]{0,99}", text):
        raise PydanticCustomError("property", Words("must be the internal name of a HubSpot property"))
    if text in OF_PERSON:
        raise PydanticCustomError("property", Words("is a contact's own: name another HubSpot property"))
    return text


def _deal_name(text: str) -> str:
    unknown = [name for name in re.findall(r"\{(.*?)\}", text) if name not in DEAL_PARTS]
    if unknown or "{" in re.sub(r"\{\w+\}", "", text):
        known = ", ".join(f"{{{part}}}" for part in DEAL_PARTS)
        raise PydanticCustomError("deal_name", "may hold {known} only", {"known": known})
    return text


def _exact(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


DEAL_PARTS = ("company", "score", "category", "questionnaire")
Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True), AfterValidator(_storable)]
Name = Annotated[Text, Field(max_length=255)]
Key = Annotated[str, StringConstraints(strict=True, max_length=50), AfterValidator(_key)]
OptionId = Annotated[str, StringConstraints(strict=True, max_length=50), AfterValidator(_option_id)]
Language = Annotated[str, StringConstraints(strict=True), AfterValidator(_language)]  # "": not specified
ScorePoint = Annotated[StrictInt, Field(ge=0, le=100)]
Weight = Annotated[Decimal, BeforeValidator(_exact), Field(strict=True, ge=0, le=1, decimal_places=4)]


Json = Annotated[Any, BeforeValidator(_json)]
Entry = Annotated[str, BeforeValidator(_json)]  # a key of a mapping
Tree = Annotated[dict[str, Any], BeforeValidator(_tree)]
Number = Annotated[float | int, BeforeValidator(_number)]
Link = Annotated[Text, Field(max_length=500), AfterValidator(_web_address)]
Color = Annotated[Text, AfterValidator(_color)]
Property = Annotated[Text, AfterValidator(_property)]
DealName = Annotated[Name, AfterValidator(_deal_name)]
Minutes = Annotated[StrictInt, Field(ge=1, le=600)]


class Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
