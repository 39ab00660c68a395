using Dsp.Access;
using Dsp.Demo.Content;
using Dsp.Documents;
using Dsp.Identity;

namespace Dsp.Demo.Story;

/// <summary>
/// Every document of the story comes in on its day: from the systems of laboratories and hospital, from doctors with a
/// relation of that day, from a holder; with replacing, withdrawing and masking as the story has it.
/// </summary>
internal sealed class DepositChapter(StoryStage stage)
{
    /// <summary>Documents of the days after birth wait until the twins' record opens (D-10): depositors are told the date and send again.</summary>
    private static readonly Dictionary<string, (int Day, int Hour)> Later = new(StringComparer.Ordinal)
    {
        ["40"] = (-9, 9), ["41"] = (-9, 10), ["42"] = (-9, 11), ["42-lia"] = (-8, 11),
    };

    private readonly Timeline on = stage.Timeline;
    private readonly Cast cast = stage.Cast;

    public void Tell()
    {
        // Before their deposits: a presence code opens an individual context, an admission the institution's.
        Code("emma", "dr-psy", -83, 15);
        Code("emma", "pharma", -81, 1);
        Code("jil", "dr-gyn", -12, 5);
        on.On(-40, 9, 0, "the twins are registered by the maternity", async cancel =>
        {
            await AdmitAsync(cast.AsSystem("hospital"), "mia", "MAT-2201", cancel);
            await AdmitAsync(cast.AsSystem("hospital"), "lia", "MAT-2202", cancel);
        });
        on.On(-30, 8, 30, "home care begins for marie-josee", cancel => AdmitAsync(cast.AsProfessional("homecare"), "marie-josee", "HEEM-0417", cancel));
        on.On(-3, 9, 20, "aoife arrives and is registered without a number", RegisterAoifeAsync);

        foreach (var document in stage.Documents)
        {
            var at = Later.TryGetValue(document.Key, out var later) ? on.Day.At(later.Day, later.Hour) : document.Created.ToUniversalTime();
            on.At(at, $"deposit {document.Key}", cancel => DepositAsync(document, cancel));
            if (document.MaskedFromAllBut is not null) on.At(at.AddHours(8), $"mask on {document.Key}", cancel => MaskAsync(document, cancel));
        }
        on.On(-8, 10, 30, "42 is withdrawn: wrong patient", cancel =>
            stage.Operation<WithdrawDocument>().RunAsync(cast.AsSystem("lab-nord"), null, stage.IdOf("42"), WithdrawalReason.WrongPatient, cancel).InStory("42 is withdrawn"));
        on.On(-3, 12, 10, "aoife activates", cancel =>
            stage.Operation<Records.ActivateRecord>().RunAsync(cast.AsHolder("aoife"), cast.Holder("aoife").Record, cancel).InStory("aoife activates"));
    }

    private async Task DepositAsync(DemoDocument document, CancellationToken cancel)
    {
        var holder = cast.Holder(document.HolderKey);
        var provided = DemoSubmission.Of(document, holder.Who, document.Replaces is { } key ? stage.Document(key).UniqueId : null, SubmissionId.New(stage.Platform.Clock));
        var done = await stage.Operation<DepositDocuments>().RunAsync(Depositor(document), holder.Ref, provided, cancel).InStory($"deposit {document.Key}");
        stage.Keep(document.Key, done.Documents[0].Id);
    }

    private Caller Depositor(DemoDocument document)
    {
        if (document.SystemKey is { } system) return cast.AsSystem(system);
        if (document.AuthorKey == document.HolderKey) return cast.AsHolder(document.HolderKey);
        return cast.AsProfessional(document.AuthorKey, document.AuthorKey == "midwife" ? "hospital" : null);
    }

    private async Task MaskAsync(DemoDocument document, CancellationToken cancel)
    {
        IReadOnlyList<PersonId> except = [.. document.MaskedFromAllBut!.Select(key => cast.Professional(key).Person)];
        await stage.Operation<MaskItem>().RunAsync(cast.AsHolder(document.HolderKey), cast.Holder(document.HolderKey).Record, stage.IdOf(document.Key), MaskFrom.Everyone(except),
            "Un document caché peut manquer à ceux qui me soignent.", cancel).InStory($"mask on {document.Key}");
    }

    private void Code(string holder, string professional, int day, int days) => on.On(day, 9, 40, $"{holder} gives {professional} a presence code", async cancel =>
    {
        var code = await stage.Operation<CreatePresenceCode>().RunAsync(cast.AsHolder(holder), cast.Holder(holder).Record, days, null, cancel).InStory("the code");
        await stage.Operation<RedeemPresenceCode>().RunAsync(cast.AsProfessional(professional), cast.Holder(holder).Ref, code.Code, cancel).InStory("redeeming the code");
    });

    private Task<OpenedCareContext> AdmitAsync(Caller caller, string holder, string admission, CancellationToken cancel) =>
        stage.Operation<RegisterAdmission>().RunAsync(caller, cast.Holder(holder).Ref, admission, cancel).InStory($"admission of {holder}");

    private async Task RegisterAoifeAsync(CancellationToken cancel)
    {
        var who = cast.Holders["aoife"];
        var registered = await stage.Operation<Records.OpenForUnnumbered>().RunAsync(cast.AsSystem("hospital"),
            new Records.Registration(PeopleChapter.Family(who), who.Given, Identity.PartialDate.Of(who.BirthDate), Gender.Female) { Language = who.Language, Address = new PostalAddress(null, null, "Galway", "IE") },
            somebodyElse: false, "Demande signée URG-0911", cancel).InStory("aoife's record");
        cast.Learn("aoife", registered.Person, registered.Record!.Value);
        await stage.Operation<RegisterEmergency>().RunAsync(cast.AsSystem("hospital"), cast.Holder("aoife").Ref, "URG-0911", null, cancel).InStory("aoife's emergency");
    }
}
