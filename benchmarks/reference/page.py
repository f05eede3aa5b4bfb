"""Parts of a page that are written by runs: what stands between `<!-- NAME -->` and `<!-- end NAME -->`."""


def rewritten(page: str, name: str, text: str) -> str:
    """Give a page with another text in its part of a name.

    Raises:
        ValueError: the page has no such part.
    """
    begin, end = f"<!-- {name} -->\n", f"<!-- end {name} -->"
    before, found, rest = page.partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"the page has no part {name!r}: write {begin.strip()} and {end} into it")
    return f"{before}{begin}\n{text}\n{end}{after}"
