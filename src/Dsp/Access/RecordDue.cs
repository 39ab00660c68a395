namespace Dsp.Access;

/// <summary>When a record next needs the clock's attention: the end of T1, or T6. A hint for the job; the sheet decides.</summary>
public static class RecordDue
{
    public static DateTimeOffset? Of(AccessSheet sheet) => sheet.State switch
    {
        RecordState.PendingWindow => sheet.OpensAt,
        RecordState.Closed => sheet.Closure!.DestroyFrom,
        _ => null,
    };
}
