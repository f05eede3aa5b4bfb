"""Who was said to be one person is one after a kill -9, and who was erased is gone."""

from pathlib import Path

from tests.killing import killed_again_and_again, told

SAY = """
    import asyncio, sys
    from pathlib import Path
    from eventglass.engine.embedded import open_embedded
    from eventglass.identity.register import open_register
    from tests.identity.saying import erase, identify

    async def main() -> None:
        engine = open_embedded(Path(sys.argv[1]))
        register = await open_register(engine)
        number = int(sys.argv[2])
        while True:
            said = [
                identify(register, "p", f"u{number}-{each}", f"d{number}-{each}", traits={"n": number})
                for each in range(10)
            ]
            await asyncio.gather(*said)
            await erase(register, "p", f"d{number}-0")
            print("stored", number, flush=True)
            number += 1

    asyncio.run(main())
"""

CHECK = """
    import asyncio, sys
    from pathlib import Path
    from eventglass.engine.embedded import open_embedded
    from eventglass.errors import NotFoundError
    from eventglass.identity.profiles import get
    from eventglass.identity.register import open_register
    from tests.identity.saying import looking

    async def main() -> None:
        engine = open_embedded(Path(sys.argv[1]))
        register = await open_register(engine)
        for number in range(int(sys.argv[2])):
            for each in range(10):
                try:
                    profile = await get(f"d{number}-{each}", looking(register, "p"), engine, None)
                except NotFoundError:
                    assert each == 0, (number, each)
                else:
                    assert each != 0, number
                    assert profile.profile_id == f"u{number}-{each}"
                    assert dict(profile.traits) == {"n": number}
        print("told all there")
        await register.close()
        await engine.close()

    asyncio.run(main())
"""


def test_what_was_said_outlives_kills(tmp_path: Path) -> None:
    said = killed_again_and_again(SAY, tmp_path)

    assert told(CHECK, tmp_path, said) == "all there"
