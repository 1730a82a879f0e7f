"""Who asks too fast is told once; the others do not notice."""


from bot.use_cases.context import Identity
from tests.security.scene import open_house, text_of

ASKED = 40
ANSWERED_MAX = 20  # what flows in meanwhile is little


async def test_nobody_gets_more_answers_by_another_name_or_in_another_room(dsn):
    async with open_house(dsn) as house:
        person = await house.enrolled()
        answered, scolded = 0, 0
        for number in range(ASKED):
            known = person.identity
            person.identity = Identity(known.platform, known.id, f"Bo {number}", "en", "UTC")
            text = text_of(await house.hears(person, house.room(), line="/help"))
            scolded += "Slowly, please" in text
            answered += bool(text) and "Slowly, please" not in text
        assert 5 < answered <= ANSWERED_MAX
        assert scolded == 1
