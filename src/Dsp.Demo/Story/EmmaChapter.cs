using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Records;

namespace Dsp.Demo.Story;

/// <summary>What happened around emma, as her history shows it; and the wishes of pedro.</summary>
internal sealed class EmmaChapter(StoryStage stage)
{
    private const string Risk = "Un soignant bloqué ne voit rien, même en urgence.";
    private readonly Timeline on = stage.Timeline;
    private readonly Cast cast = stage.Cast;

    public void Tell()
    {
        on.On(-150, 20, 5, "emma blocks dr-kremer", cancel =>
            stage.Operation<BlockFromRecord>().RunAsync(cast.AsHolder("emma"), Emma.Record, ActorRef.Of(cast.Professional("dr-kremer").Person), Risk, cancel).InStory("the block"));
        on.On(-60, 17, 15, "pedro objects to a deposit", cancel =>
            stage.Operation<ObjectToDeposit>().RunAsync(cast.AsHolder("pedro"), cast.Holder("pedro").Record,
                new ObjectionTo { Institution = cast.Institution("hospital").Id, Category = DataCategory.MedicalImaging, From = on.Day.At(-60, 0), To = on.Day.At(-1, 0) }, Risk, cancel).InStory("the objection"));
        on.On(-20, 10, 15, "agent 2041 checks emma's account", cancel =>
            stage.Operation<ReadRecordState>().RunAsync(cast.AsAgent("agent"), Emma.Ref, cancel).InStory("the check"));
        Ward();
        on.On(-6, 18, 30, "emma asks dr-cardio for a deposit", cancel =>
            stage.Operation<RequestDeposit>().RunAsync(cast.AsHolder("emma"), Emma.Record, cast.Professional("dr-cardio").Person, "Le compte rendu de ma dernière échographie du cœur", cancel).InStory("the request"));
        on.On(-4, 18, 20, "dr-thill reads the newest results", cancel => ReadAsync(cast.AsProfessional("dr-thill"), "8", cancel));
        on.On(-3, 11, 5, "dr-other tries", TryAsync);
        Emergency();
    }

    private PlayedHolder Emma => cast.Holder("emma");

    private void Ward()
    {
        var stay = Guid.Empty;
        on.On(-10, 8, 15, "emma is admitted to the ward", async cancel =>
            stay = (await stage.Operation<RegisterAdmission>().RunAsync(cast.AsSystem("hospital"), Emma.Ref, "HC-118204", cancel).InStory("the admission")).Id);
        on.On(-8, 11, 0, "emma leaves the ward", cancel => EndAsync(stay, cancel));
        on.On(-9, 14, 10, "nurse reads", cancel => ReadAsync(cast.AsProfessional("nurse"), "13", cancel));
        on.On(-9, 14, 12, "nurse reads", cancel => ReadAsync(cast.AsProfessional("nurse"), "7", cancel));
        on.On(-9, 14, 15, "nurse reads", cancel => ReadAsync(cast.AsProfessional("nurse"), "17", cancel));
    }

    private void Emergency()
    {
        var visit = Guid.Empty;
        on.On(0, 3, 18, "emma is registered at the emergency department", async cancel =>
            visit = (await stage.Operation<RegisterEmergency>().RunAsync(cast.AsSystem("hospital"), Emma.Ref, "URG-1007", null, cancel).InStory("the emergency")).Id);
        on.On(0, 4, 2, "the emergency ends", cancel => EndAsync(visit, cancel));
        on.On(0, 3, 20, "dr-reuter looks for what is there", async cancel =>
        {
            var found = await stage.Operation<FindDocuments>().RunAsync(cast.AsProfessional("dr-reuter"), Emma.Ref, new DocumentSearch { Count = 50 }, cancel).InStory("the search");
            if (found.Documents.Any(d => d.Id == stage.IdOf("16"))) throw new StoryBrokenException("Document 16 is hidden from the emergency department.");
        });
        var minute = 21;
        foreach (var key in new[] { "2", "14", "8", "13", "18" })
            on.On(0, 3, minute++, "dr-reuter reads " + key, cancel => ReadAsync(cast.AsProfessional("dr-reuter"), key, cancel));
    }

    private Task<Done> EndAsync(Guid context, CancellationToken cancel) =>
        stage.Operation<EndCareContext>().RunAsync(cast.AsSystem("hospital"), context, cancel).InStory("the end of care");

    /// <summary>Without a relation there is nothing to find; the attempt stands in emma's history.</summary>
    private async Task TryAsync(CancellationToken cancel)
    {
        var found = await stage.Operation<FindDocuments>().RunAsync(cast.AsProfessional("dr-other"), Emma.Ref, new DocumentSearch { Count = 50 }, cancel).InStory("the attempt");
        if (found.Documents.Count > 0) throw new StoryBrokenException("dr-other has no relation to anyone.");
        await stage.Operation<RetrieveDocument>().RunAsync(cast.AsProfessional("dr-other"), null, stage.IdOf("8"), null, cancel).RefusedInStory("dr-other reads");
    }

    private async Task ReadAsync(Caller caller, string key, CancellationToken cancel)
    {
        var opened = await stage.Operation<RetrieveDocument>().RunAsync(caller, Emma.Record, stage.IdOf(key), null, cancel).InStory("reading " + key);
        await foreach (var _ in opened.Bytes.WithCancellation(cancel))
        {
            // A reader reads to the end.
        }
    }
}
