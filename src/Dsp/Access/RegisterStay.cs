using Dsp.Journal;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>Where a stay stands, as the institution's system tells it.</summary>
public enum StayPhase
{
    /// <summary>The patient is there: arrived, examined, in bed, on leave.</summary>
    Present,

    /// <summary>Care has ended: deposits stay possible for 15 days.</summary>
    Over,

    /// <summary>It never was: nothing stays possible.</summary>
    Cancelled,
}

/// <summary>One stay or visit, by the number that the institution gave it.</summary>
/// <param name="Kind">Institution or emergency.</param>
public sealed record Stay(string Number, CareContextKind Kind, StayPhase Phase)
{
    /// <summary>When care ended, where it is said; now where not, and never before the context began.</summary>
    public DateTimeOffset? EndOfCare { get; init; }

    /// <summary>Where care is given, where it is said: must be the institution that registers.</summary>
    public InstitutionId? Provider { get; init; }

    /// <summary>The version that the sender last saw; null where any will do.</summary>
    public int? IfVersion { get; init; }
}

/// <summary>The care context behind a stay.</summary>
/// <param name="Opened">It began with this message.</param>
public sealed record RegisteredStay(CareContext Context, RecordId Record, bool Opened);

/// <summary>
/// An institution's system tells of stays (R34; RGD 6.12.2019 annex 1(3)): an arrival opens a care context, each later message
/// of a present patient prolongs it when its end is near, a transfer out of the emergency department makes it an admission, the
/// end of care ends it. The same message again changes nothing. What the holder ended does not begin anew under the same number.
/// </summary>
public sealed class RegisterStay(AccessGate gate, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <summary>A present patient's context is prolonged by 30 days when no more than this is left of it.</summary>
    public static readonly TimeSpan NearItsEnd = TimeSpan.FromDays(15);

    public Task<Outcome<RegisteredStay>> RunAsync(Caller caller, RecordRef record, Stay stay, CancellationToken cancel)
    {
        var (action, act) = (stay.Phase, stay.Kind) switch
        {
            (not StayPhase.Present, _) => (AccessAction.RegisterContext, JournalActions.EndContext),
            (_, CareContextKind.Emergency) => (AccessAction.RegisterEmergency, JournalActions.OpenContext),
            _ => (AccessAction.RegisterAdmission, JournalActions.OpenContext),
        };
        return gate.ActAsync<RegisteredStay>(new AccessRequest(caller, record, action, act) { Detail = stay.Number }, async permit =>
        {
            var place = CareContexts.PlaceOf(permit)!.Value;
            if (stay.Provider is { } named && named != place) return Refusals.InvalidMetadata.Because("A system registers the stays of its own institution.").At("Encounter.serviceProvider");
            var known = CareContexts.OfAdmission(permit.Sheet, place, stay.Number);
            if (known?.RevokedAt is not null || (known is null && stay.Phase != StayPhase.Present)) return Refusals.NotFound;
            if (stay.IfVersion is { } version && version != known?.Version) return Refusals.VersionStale;
            var batch = new Batch();
            var next = stay.Phase == StayPhase.Present ? Present(permit, place, known, stay, batch) : Ended(permit, known!, stay, batch);
            permit.Entry = permit.Entry with { Context = Relation.NameOf(next.Kind), ContextId = next.Id };
            if (next == known) await permit.SpendAsync(batch, cancel);
            else await permit.ChangeSheetAsync(permit.Sheet with { Contexts = next.Id == known?.Id ? CareContexts.Replaced(permit.Sheet, next) : CareContexts.With(permit, next) }, batch, cancel);
            return new RegisteredStay(next, permit.Record, next.Id != known?.Id);
        }, cancel);
    }

    private CareContext Present(Permit permit, InstitutionId place, CareContext? known, Stay stay, Batch batch) => known?.IsValidAt(permit.Now) != true
        ? Begun(permit, place, stay, batch)
        : (known.Kind, stay.Kind) switch
        {
            (CareContextKind.Emergency, CareContextKind.Institution) => Transferred(permit, known, batch),
            (CareContextKind.Institution, CareContextKind.Institution) when known.EndsAt - permit.Now <= NearItsEnd => Renewed(permit, known, batch),
            _ => known,
        };

    private CareContext Begun(Permit permit, InstitutionId place, Stay stay, Batch batch)
    {
        var emergency = stay.Kind == CareContextKind.Emergency;
        var context = new CareContext(Ids.New(clock), stay.Kind, null, place, permit.Now, permit.Now + (emergency ? Deadlines.EmergencyContext : Deadlines.InstitutionContext), Admission: stay.Number)
        {
            InstitutionName = permit.Facts.Actor.Institution?.Name,
        };
        RelationHints.Begin(batch, place.Value, permit.Record, context.Id, context.StartsAt, context.EndsAt);
        if (emergency) HolderNotices.Tell(batch, permit, keys, Ids.New(clock), NoticeKind.EmergencyRegistered, ("institution", context.InstitutionName), ("until", Instants.Text(context.EndsAt)));
        return context;
    }

    /// <summary>From the emergency department to a ward: the same stay, with an admission's 45 days from now.</summary>
    private static CareContext Transferred(Permit permit, CareContext known, Batch batch)
    {
        var admitted = known with { Kind = CareContextKind.Institution, EndsAt = permit.Now + Deadlines.InstitutionContext, TransferredAt = permit.Now };
        RelationHints.Move(batch, permit.Record, known.Id, admitted.EndsAt);
        return admitted;
    }

    private static CareContext Renewed(Permit permit, CareContext known, Batch batch)
    {
        var renewed = known with { EndsAt = known.EndsAt + Deadlines.InstitutionRenewal, Renewals = known.Renewals + 1 };
        RelationHints.Move(batch, permit.Record, known.Id, renewed.EndsAt);
        permit.Entry = permit.Entry with { Action = JournalActions.RenewContext };
        return renewed;
    }

    private static CareContext Ended(Permit permit, CareContext known, Stay stay, Batch batch)
    {
        var ended = stay.Phase == StayPhase.Cancelled ? known with { CancelledAt = known.CancelledAt ?? permit.Now }
            // What has ended by itself ended then: the tail does not begin anew.
            : known.IsValidAt(permit.Now) ? known with { EndedAt = EndOf(known, stay, permit.Now) } : known;
        if (ended != known) RelationHints.Move(batch, permit.Record, known.Id, permit.Now);
        return ended;
    }

    private static DateTimeOffset EndOf(CareContext known, Stay stay, DateTimeOffset now)
    {
        var said = stay.EndOfCare ?? now;
        return said > now ? now : said < known.StartsAt ? known.StartsAt : said;
    }
}

/// <summary>What an institution's system registered, by the id that its registration answered with.</summary>
public sealed class ReadStay(AccessGate gate, Database database, ServiceKeys keys) : IOperation
{
    public async Task<Outcome<RegisteredStay>> RunAsync(Caller caller, Guid context, CancellationToken cancel)
    {
        var record = await CallersContext.RecordOfAsync(database, keys, caller, context, cancel);
        return await gate.ActAsync<RegisteredStay>(new AccessRequest(caller, record, AccessAction.RegisterContext, JournalActions.ReadState), async permit =>
        {
            var found = permit.Sheet.Contexts.FirstOrDefault(c => c.Id == context && c.Admission is not null && c.RevokedAt is null);
            if (found is null || !CareContexts.Belongs(permit, found)) return Refusals.NotFound;
            permit.Entry = permit.Entry with { Context = Relation.NameOf(found.Kind), ContextId = found.Id };
            await permit.SpendAsync(new Batch(), cancel);
            return new RegisteredStay(found, permit.Record, Opened: false);
        }, cancel);
    }
}
