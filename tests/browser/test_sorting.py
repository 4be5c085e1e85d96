"""Our order of names is that of ICU, which the browser brings along."""

import random

import pytest
import yaml
from django.conf import settings

from people.sorting import key

pytestmark = pytest.mark.browser

SORT = "([names, language]) => names.sort(new Intl.Collator(language).compare)"


# Arabic names are compared by their sort keys only: the lists of the United Nations take آ for ا, ICU does not
@pytest.mark.parametrize(
    ("field", "language"),
    [("sort", "en"), ("sort", "fr"), ("sort", "es"), ("sort", "ar"), ("short", "en"), ("short", "fr"), ("short", "es")],
)
def test_parties_stand_in_the_order_of_the_browser(chromium, language, field):
    parties = yaml.safe_load((settings.BASE_DIR / "fixtures/marrakesh_2018/parties.yaml").read_text(encoding="utf-8"))
    names = list({party[field][language] for party in parties if language in party.get(field, {})})
    random.Random(1).shuffle(names)
    page = chromium.new_page()

    wanted = page.evaluate(SORT, [names, language])
    page.close()

    assert len(names) > 200
    assert sorted(names, key=lambda name: key(name, language)) == wanted
