"""`replan track export`: the casebook as JSON."""

from __future__ import annotations

from replan.casebook.transfer import export_book
from replan.cli.book import BookOption, ClientArgument, FormerClientOption, one_client, opened
from replan.cli.options import LanguageOption, OutputOption
from replan.cli.output import deliver_json


def export(
    client: ClientArgument = None,
    *,
    former: FormerClientOption = None,
    book: BookOption = None,
    output: OutputOption = None,
    lang: LanguageOption = None,
) -> None:
    """Write all that the casebook holds, or all of one client, as JSON.

    Amounts in it are whole numbers of the currency's minor unit.
    """
    del lang  # taken by every command
    with opened(book) as kept:
        data = export_book(kept, one_client(client, former))
    deliver_json(data, output)
