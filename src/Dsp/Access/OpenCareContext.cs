using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>What a professional or a system says to open a care context.</summary>
/// <param name="Patient">As the edge resolved it: by record, or by the look-up token of an identifier.</param>
public sealed record WantedCareContext(RecordRef Patient, CareContextKind Kind)
{
    /// <summary>Individual: the code, typed or from a QR.</summary>
    public string? PresenceCode { get; init; }

    /// <summary>The institution's number for this stay.</summary>
    public string? Admission { get; init; }

    /// <summary>Why a member of an emergency department opens it.</summary>
    public string? Reason { get; init; }
}

/// <summary>Opens a care context of any of the law's three kinds (RGD 6.12.2019 annex 1(3)).</summary>
public sealed class OpenCareContext(AccessGate gate, Database database, JournalWriter journal, ServiceKeys keys, TimeProvider clock) : IOperation
{
    private readonly RedeemPresenceCode redeem = new(gate, database, journal, keys, clock);
    private readonly RegisterAdmission admit = new(gate, clock);
    private readonly RegisterEmergency emergency = new(gate, keys, clock);

    public async Task<Outcome<OpenedCareContext>> RunAsync(Caller caller, WantedCareContext wanted, CancellationToken cancel) => wanted.Kind switch
    {
        CareContextKind.Individual when string.IsNullOrWhiteSpace(wanted.PresenceCode) => Refusals.MissingMetadata.Because("An individual context needs the patient's presence code.").At("presenceCode"),
        CareContextKind.Individual => await redeem.RunAsync(caller, wanted.Patient, wanted.PresenceCode, cancel),
        CareContextKind.Institution => await admit.RunAsync(caller, wanted.Patient, wanted.Admission, cancel),
        _ => await emergency.RunAsync(caller, wanted.Patient, wanted.Admission, wanted.Reason, cancel),
    };
}
