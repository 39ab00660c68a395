using Dsp.Journal;
using Dsp.Ui.Languages;

namespace Dsp.Server.Portal;

/// <summary>Lines of the journal as sentences.</summary>
public static class HistoryWords
{
    /// <summary>Who acted, by name; a machine by its software, the agency as such.</summary>
    public static string Who(ITexts texts, JournalEntry entry, PersonId holder, PersonId? reader) => entry switch
    {
        _ when entry.Person is not null && entry.Person == reader => texts["history.you"],
        { Profession: "agent" } => texts["history.agent"],
        { Automatic: true } => entry.InstitutionName ?? entry.Software ?? texts["history.nobody"],
        _ => entry.PersonName ?? entry.InstitutionName ?? (entry.Software is { Length: > 0 } software && entry.Person is null ? software : texts["history.nobody"]),
    };

    /// <summary>Profession, place, relation and reason; empty ones left out.</summary>
    public static string Facts(ITexts texts, string? when, JournalEntry entry)
    {
        var context = entry.Context is { } c && texts.Has("history.context." + c) ? texts["history.context." + c].Text : null;
        return string.Join(" · ", new[] { when, PersonWords.Profession(texts, entry.Profession), entry.InstitutionName, context }.Where(f => !string.IsNullOrWhiteSpace(f)).Distinct());
    }

    /// <summary>The key of an action's sentence.</summary>
    public static string Key(ITexts texts, string action) => texts.Has("say." + action) ? "say." + action : "say.other";

    /// <summary>A whole sentence about one folded group of lines.</summary>
    /// <param name="title">Title of the only document; null where there are none or several.</param>
    public static string Sentence(ITexts texts, string who, JournalEntry entry, int documents, string? title) => entry.Action switch
    {
        JournalActions.Read when title is not null => texts["say.read", ("who", who), ("title", title)],
        JournalActions.Read => texts["say.readMany", ("who", who), ("count", Math.Max(1, documents))],
        JournalActions.Deposit when title is not null => texts["say.deposit", ("who", who), ("title", title)],
        JournalActions.Deposit => texts["say.depositMany", ("who", who), ("count", Math.Max(1, documents))],
        // For everybody but the holder and the agency, looking at the state is opening the page of the record.
        JournalActions.ReadState when entry.Context is not ("holder" or "representative") && entry.Profession != "agent" => texts["say.opened", ("who", who)],
        var action => texts[Key(texts, action), ("who", who)],
    };
}
