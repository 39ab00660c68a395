using Dsp.Server;

// The table of contents. What is listed here is what the process does; each line leads to one folder.
//   ServerHost.Build      Kestrel and its limits, the platform's parts and operations, the jobs
//     Wire/               who may talk to us and how: host names, sizes, headers, faults, refusals by wire
//     Tls/                names, certificates and who must show one
//     SignIn/             bearer tokens, cards, providers, the authorization server; the one place where a caller is made
//     Fhir/               FHIR R4 and MHD
//     CdsHooks/           what exists already, for software that orders exams
//     Api/                the platform API and its OpenAPI description
//     Content/            the second origin, which alone hands out stored bytes to browsers
//     Portal/             Razor Pages for patients and professionals; the cookie and its pages
//     Jobs/               sealing the journal, sweeping orphans, the record's life cycle
ServerSettings settings;
try
{
    settings = ServerSettings.From(ServerHost.Configuration(args));
}
catch (InvalidOperationException wrong)
{
    // A setting that is wrong is said in one sentence, and nothing is started.
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}
await using var platform = await Dsp.Platform.OpenAsync(settings.ToPlatform(), TimeProvider.System, CancellationToken.None);
await using var app = ServerHost.Build(settings, platform);
await app.RunAsync();
return 0;
