namespace Dsp.Access;

/// <summary>When a record next needs the clock's attention: the letter it still owes, the end of T1, or T6. A hint for the job; the sheet decides.</summary>
public static class RecordDue
{
    public static DateTimeOffset? Of(AccessSheet sheet) => sheet.State switch
    {
        // Created, and opened for a volunteer or by a facility: the letter of art. 2(3) is due at once.
        RecordState.Created => sheet.CreatedAt,
        RecordState.OpenToProfessionals or RecordState.Active when sheet.LetterSentAt is null => sheet.CreatedAt,
        RecordState.PendingWindow => sheet.OpensAt,
        RecordState.Closed => sheet.Closure!.DestroyFrom,
        _ => null,
    };
}
