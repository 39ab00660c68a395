using Dsp.Journal;
using Dsp.Ui.Languages;

namespace Dsp.Server.Portal;

/// <summary>Lines of the journal as sentences.</summary>
public static class HistoryWords
{
    /// <summary>Who acted, by name; a machine by its software, the agency as such.</summary>
    public static string Who(ITexts texts, JournalEntry entry, PersonId? reader) => entry switch
    {
        _ when IsReader(entry, reader) => texts["history.you"],
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

    /// <summary>The key of an action's sentence: what was done, or, where it was refused, what was tried.</summary>
    public static string Key(ITexts texts, string action, bool permitted = true)
    {
        var kind = permitted ? "say." : "tried.";
        return texts.Has(kind + action) ? kind + action : kind + "other";
    }

    /// <summary>A whole sentence about one folded group of lines.</summary>
    /// <param name="documents">How many documents the group is about.</param>
    /// <param name="title">Title of the only document; null where there are none or several.</param>
    public static string Sentence(ITexts texts, JournalEntry entry, PersonId? reader, int documents, string? title)
    {
        // The sentences know this word and speak to the reader: « Vous avez », not « Vous a ».
        var who = IsReader(entry, reader) ? "you" : Who(texts, entry, reader);
        var key = entry.Action switch
        {
            JournalActions.Read or JournalActions.Deposit when title is null => entry.Action + "Many",
            // For everybody but the holder and the agency, looking at the state is opening the page of the record.
            JournalActions.ReadState when entry.Context is not ("holder" or "representative") && entry.Profession != "agent" => "opened",
            var action => action,
        };
        var sentence = texts[Key(texts, key, entry.Permitted), ("who", who), ("title", title), ("count", Math.Max(1, documents))];
        return entry.Permitted ? sentence : texts["log.refused", ("sentence", sentence)];
    }

    private static bool IsReader(JournalEntry entry, PersonId? reader) => entry.Person is not null && entry.Person == reader;
}
