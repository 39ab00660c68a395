using System.Text.Json.Nodes;
using Dsp.Interop.Fhir;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Hl7.Fhir.Model;
using Task = System.Threading.Tasks.Task;

namespace Dsp.Tests.Mhd;

/// <summary>Folders of ITI-65, and new versions of documents: what is in them, who sees it, and that repeating changes nothing.</summary>
public sealed class FolderTests
{
    [Theory, EveryStore]
    public async Task A_folder_is_made_filled_and_followed_by_new_versions(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var uid = Bundles.Urn();
        var made = cast.Bundle("un").InFolder(uid);
        var kept = await cast.KeptAsync(made);
        var (first, folder) = (kept[1][1], kept[3][1]);
        cast.Server.World.Clock.Advance(TimeSpan.FromMinutes(1));
        var filling = cast.Bundle("deux").InFolder(uid, folder);
        var second = (await cast.KeptAsync(filling))[1][1];
        cast.Server.World.Clock.Advance(TimeSpan.FromMinutes(1));

        var list = Assert.Single((await cast.ListsAsync(cast.Holder, "&code=folder&designationType=225728007")).Resources("List"));
        Assert.Equal((folder, "Suivi"), (list.GetProperty("id").GetString(), list.GetProperty("title").GetString()));
        Assert.Equal([first, second], list.Members());
        Assert.EndsWith("IHE.MHD.Comprehensive.Folder", list.GetProperty("meta").GetProperty("profile")[0].GetString(), StringComparison.Ordinal);
        var history = await cast.Server.GetAsync($"/fhir/List/{folder}/_history", cast.Holder);
        Assert.Equal([2, 1], history.Resources("List").Select(l => l.Members().Count));
        Assert.Equal([first], (await cast.Server.GetAsync($"/fhir/List/{folder}/_history/1", cast.Holder)).Json.Members());
        Assert.Equal(404, (await cast.Server.GetAsync($"/fhir/List/{folder}/_history/3", cast.Holder)).Status);

        // What is hidden leaves no gap, no version and no date.
        await cast.OpenContextAsync();
        await cast.MaskAsync(second, cast.Doctor.Person.ToString()!);
        var seen = await cast.Server.GetAsync($"/fhir/List/{folder}", cast.DoctorToken);
        Assert.Equal([first], seen.Json.Members());
        Assert.Equal("W/\"1\"", seen.Header("ETag"));
        Assert.Equal(404, (await cast.Server.GetAsync($"/fhir/List/{folder}/_history/2", cast.DoctorToken)).Status);
        Assert.DoesNotContain(second, (await cast.Server.GetAsync($"/fhir/List/{folder}/_history", cast.DoctorToken)).Text, StringComparison.Ordinal);

        // Sent again, each gets its first answer, and the folder is as it was.
        Assert.Equal(kept.Select(k => k[1]), (await cast.KeptAsync(made)).Select(k => k[1]));
        Assert.Equal(second, (await cast.KeptAsync(filling))[1][1]);
        Assert.Equal([first, second], (await cast.Server.GetAsync($"/fhir/List/{folder}", cast.Holder)).Json.Members());

        // A new version joins the folder of the one it replaces; filling by unique id and with a document that is there already.
        var third = (await cast.KeptAsync(cast.Bundle("trois").RelatedTo("replaces", first)))[1][1];
        var fourth = (await cast.KeptAsync(cast.Bundle("quatre").InFolder(uid, "", "DocumentReference/" + second)))[1][1];
        Assert.Equal([first, second, third, fourth], (await cast.Server.GetAsync($"/fhir/List/{folder}", cast.Holder)).Json.Members());
    }

    [Theory, EveryStore]
    public async Task Two_deposits_that_fill_one_folder_at_once_both_stand_in_it(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var uid = Bundles.Urn();
        var kept = await cast.KeptAsync(cast.Bundle("un").InFolder(uid));

        var filled = await Task.WhenAll(cast.KeptAsync(cast.Bundle("deux").InFolder(uid, kept[3][1])), cast.KeptAsync(cast.Bundle("trois").InFolder(uid, kept[3][1])));

        Assert.Equal(filled.Select(f => f[1][1]).Append(kept[1][1]).Order(StringComparer.Ordinal), (await cast.Server.GetAsync($"/fhir/List/{kept[3][1]}", cast.Holder)).Json.Members().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_answer_about_lists_and_versions_is_strict_fhir()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var uid = Bundles.Urn();
        var kept = await cast.KeptAsync(cast.Bundle("un").InFolder(uid));
        cast.Server.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await cast.KeptAsync(cast.Bundle("deux").RelatedTo("replaces", kept[1][1]).Updating(kept[1][1]).InFolder(uid, kept[3][1]));

        foreach (var address in new[] { $"List?patient={cast.Record}&_include=List:item", $"List/{kept[3][1]}/_history", $"List/{kept[0][1]}/_history", $"DocumentReference/{kept[1][1]}/_history" })
        {
            var (bundle, problems) = FhirJson.Parse<Bundle>((await cast.Server.GetAsync("/fhir/" + address, cast.Holder)).Bytes);
            Assert.True(problems.Count == 0, address + string.Join(", ", problems.Select(p => p.Expression + p.Text)));
            Assert.NotEmpty(bundle!.Entry);
        }
        foreach (var address in new[] { $"List/{kept[0][1]}", $"List/{kept[3][1]}", $"List/{kept[3][1]}/_history/1" })
            Assert.Empty(FhirJson.Parse<List>((await cast.Server.GetAsync("/fhir/" + address, cast.Holder)).Bytes).Problems);
    }

    [Fact]
    public async Task What_a_folder_may_not_be_is_told_and_nothing_of_the_submission_is_kept()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var uid = Bundles.Urn();
        var kept = await cast.KeptAsync(cast.Bundle("un").InFolder(uid));
        var image = await cast.DepositedImageAsync([1, 2]);
        const string nothing = "UnresolvedReferenceException";

        Assert.Equal((409, "DSP-4005", "XDSDuplicateUniqueIdInRegistry"), (await cast.SendAsync(cast.Bundle("deux").InFolder(uid))).Told());
        Assert.Equal((422, "DSP-1010", nothing), (await cast.SendAsync(cast.Bundle("deux").InFolder(uid, Guid.CreateVersion7().ToString()))).Told());
        Assert.Equal((422, "DSP-1010", nothing), (await cast.SendAsync(cast.Bundle("deux").InFolder(Bundles.Urn(), ""))).Told());
        Assert.Equal((422, "DSP-1010", nothing), (await cast.SendAsync(cast.Bundle("deux").InFolder(Bundles.Urn(), null, "DocumentReference/" + Guid.CreateVersion7()))).Told());
        // Another house's document, and a folder in which this sender sees nothing, are references to nothing.
        Assert.Equal((422, "DSP-1010", nothing), (await cast.SendAsync(cast.Bundle("deux").InFolder(Bundles.Urn(), null, "DocumentReference/" + image))).Told());
        Assert.Equal((422, "DSP-1010", nothing), (await cast.SendAsync(cast.Bundle("deux").InFolder(uid, kept[3][1]), cast.Hospital)).Told());
        Assert.Equal((422, "DSP-1011", "XDSPatientIdDoesNotMatch"), (await cast.SendAsync(With(cast.Bundle("deux").InFolder(uid), b => b.Resource(3)["subject"]!["identifier"]!["value"] = WorldPeople.UnknownNumber))).Told());

        Assert.Equal(2, (await cast.SearchAsync(cast.Holder)).Resources("DocumentReference").Count);
        Assert.Equal([kept[1][1]], (await cast.Server.GetAsync($"/fhir/List/{kept[3][1]}", cast.Holder)).Json.Members());
    }

    [Theory, EveryStore]
    public async Task A_new_version_with_its_update_supersedes_the_old_one_once(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var uid = Bundles.Urn();
        var old = (await cast.KeptAsync(cast.Bundle("un", uid)))[1][1];
        var other = (await cast.KeptAsync(cast.Bundle("autre")))[1][1];
        JsonObject Named() => new() { ["identifier"] = new JsonObject { ["system"] = "urn:ietf:rfc:3986", ["value"] = uid } };
        cast.Server.World.Clock.Advance(TimeSpan.FromMinutes(1));

        // The version known is stale, or the update speaks of another document than the one that is replaced.
        Assert.Equal((412, "DSP-4011", "XDSMetadataVersionError"), (await cast.SendAsync(cast.Bundle("deux").RelatedTo("replaces", old).Updating(old, "W/\"9\""))).Told());
        Assert.Equal((422, "DSP-1010", "UnresolvedReferenceException"), (await cast.SendAsync(cast.Bundle("deux").RelatedTo("replaces", Named()).Updating(other))).Told());
        Assert.Equal((422, "DSP-1003", "XDSRepositoryMetadataError"), (await cast.SendAsync(cast.Bundle("deux").RelatedTo("replaces", old).Updating(other))).Told());
        var before = await cast.Server.GetAsync($"/fhir/DocumentReference/{old}", cast.Holder);
        Assert.Equal(("W/\"1\"", "current"), (before.Header("ETag"), before.Json.GetProperty("status").GetString()));
        var same = await cast.Server.GetAsync($"/fhir/DocumentReference/{old}", cast.Holder, ("If-None-Match", "W/\"1\""));
        Assert.Equal((304, ""), (same.Status, same.Text));

        var replacing = cast.Bundle("deux").RelatedTo("replaces", Named()).Updating(old, "W/\"1\"");
        var kept = await cast.KeptAsync(replacing);
        Assert.Equal(old, kept[3][1]);
        Assert.Equal(kept.Select(k => k[1]), (await cast.KeptAsync(replacing)).Select(k => k[1]));

        // Each version as it was, and nothing relates to what is not current any more.
        var after = await cast.Server.GetAsync($"/fhir/DocumentReference/{old}", cast.Holder, ("If-None-Match", "W/\"1\""));
        Assert.Equal((200, "W/\"2\"", "superseded"), (after.Status, after.Header("ETag"), after.Json.GetProperty("status").GetString()));
        var history = await cast.Server.GetAsync($"/fhir/DocumentReference/{old}/_history", cast.Holder);
        Assert.Equal(["superseded", "current"], history.Resources("DocumentReference").Select(d => d.GetProperty("status").GetString()));
        Assert.Equal("history", history.Json.GetProperty("type").GetString());
        Assert.Equal("current", (await cast.Server.GetAsync($"/fhir/DocumentReference/{old}/_history/1", cast.Holder)).Json.GetProperty("status").GetString());
        foreach (var unknown in new[] { "0", "3", "x", "01" }) Assert.Equal(404, (await cast.Server.GetAsync($"/fhir/DocumentReference/{old}/_history/{unknown}", cast.Holder)).Status);
        foreach (var relation in new[] { "replaces", "appends", "transforms", "signs" })
        {
            Assert.Equal((409, "DSP-4006", "XDSRegistryDeprecatedDocumentError"), (await cast.SendAsync(cast.Bundle("trois").RelatedTo(relation, old))).Told());
            if (relation != "replaces") Assert.Equal(200, (await cast.SendAsync(cast.Bundle("trois" + relation).RelatedTo(relation, other))).Status);
        }
        foreach (var address in new[] { $"/fhir/DocumentReference/{old}/_history", $"/fhir/DocumentReference/{old}/_history/1" })
            Assert.Equal((404, (await cast.Server.GetAsync($"/fhir/DocumentReference/{Guid.CreateVersion7()}/_history", cast.OtherToken)).Text), (await cast.Server.GetAsync(address, cast.OtherToken)) is var a ? (a.Status, a.Text) : default);
    }

    [Theory]
    [InlineData(true, 410)]
    [InlineData(false, 200)]
    public async Task A_superseded_document_is_opened_by_who_may_see_the_history_unless_that_is_set_otherwise(bool byHistory, int others)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite, s => s with { SupersededByHistory = byHistory });
        await cast.OpenContextAsync();
        var old = (await cast.KeptAsync(cast.Bundle("un")))[1][1];
        Assert.Equal(200, (await cast.Server.GetAsync($"/fhir/Binary/{old}", cast.DoctorToken)).Status);
        await cast.KeptAsync(cast.Bundle("deux").RelatedTo("replaces", old));

        Assert.Equal(200, (await cast.Server.GetAsync($"/fhir/Binary/{old}", cast.Holder)).Status);
        foreach (var reader in new[] { cast.DoctorToken, cast.Lab })
        {
            var answer = await cast.Server.GetAsync($"/fhir/Binary/{old}", reader);
            Assert.Equal(others, answer.Status);
            if (others == 410) Assert.Equal((410, "DSP-4012", "XDSRegistryDeprecatedDocumentError"), answer.Told());
            Assert.Equal("superseded", (await cast.Server.GetAsync($"/fhir/DocumentReference/{old}", reader)).Json.GetProperty("status").GetString());
        }
        // For whom it is hidden it never was.
        await cast.MaskAsync(old, cast.Doctor.Person.ToString()!);
        foreach (var reader in new[] { cast.DoctorToken, cast.OtherToken })
        {
            var never = await cast.Server.GetAsync($"/fhir/Binary/{Guid.CreateVersion7()}", reader);
            Assert.Equal((404, never.Text), await cast.Server.GetAsync($"/fhir/Binary/{old}", reader) is var hidden ? (hidden.Status, hidden.Text) : default);
        }
    }

    private static JsonObject With(JsonObject bundle, Action<JsonObject> change)
    {
        change(bundle);
        return bundle;
    }
}
