using System.Net;
using Dsp.Server.Api;
using Dsp.Server.Audit;
using Dsp.Server.CdsHooks;
using Dsp.Server.Content;
using Dsp.Server.Fhir;
using Dsp.Server.Jobs;
using Dsp.Server.Portal;
using Dsp.Server.SignIn;
using Dsp.Server.SignIn.Cards;
using Dsp.Server.SignIn.OAuth;
using Dsp.Server.Tls;
using Dsp.Server.Wire;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Dsp.Server;

/// <summary>Builds the process around an opened platform; the program, the demo and tests host it the same way.</summary>
public static class ServerHost
{
    /// <summary>appsettings.json beside the program, then <c>DSP_*</c>, then the command line.</summary>
    public static IConfiguration Configuration(string[] args) =>
        new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables("DSP_")
            .AddCommandLine(args)
            .Build();

    /// <summary>Makes the application; nothing listens before it is started.</summary>
    /// <param name="extend">Adds services of a further surface (portal, demo).</param>
    /// <param name="routes">Adds its routes, behind the same guards.</param>
    public static WebApplication Build(ServerSettings settings, Platform platform, Action<WebApplicationBuilder>? extend = null, Action<WebApplication>? routes = null)
    {
        // The environment is always Production: no page for developers may ever show a stack.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production, ApplicationName = typeof(ServerHost).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, settings, platform.Clock));
        ServerLog.Configure(builder.Logging);
        builder.Services.AddRouting();
        AddPlatform(builder.Services, settings, platform);
        if (settings.Jobs) builder.Services.AddJobs();
        if (settings.Audit.TimeServer is not null) builder.Services.AddClockCheck();
        builder.AddPortal();
        extend?.Invoke(builder);

        var app = builder.Build();
        var addresses = app.Services.GetRequiredService<Addresses>();
        app.Lifetime.ApplicationStarted.Register(() => addresses.Settle(
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? []));
        ServerLog.Attach(platform.Alarms, app.Services.GetRequiredService<ILoggerFactory>());

        app.UseMiddleware<SurfaceHeaders>();
        app.UseMiddleware<InnerRequests>();
        app.UseMiddleware<FaultAnswers>();
        app.UseMiddleware<HostGuard>();
        app.UseMiddleware<ClientCertificates>();
        app.UseMiddleware<OriginGuard>();
        app.UseRouting();
        app.UseMiddleware<BearerGuard>();
        app.UseAuthorizationServer();
        app.MapPortal();
        app.MapAuthorizationServer();
        app.MapCards();
        routes?.Invoke(app);
        app.MapHealth();
        app.MapFhir();
        app.MapApi();
        app.MapCdsHooks();
        app.MapContent();
        return app;
    }

    private static void AddPlatform(IServiceCollection services, ServerSettings settings, Platform platform)
    {
        services.AddSingleton(settings);
        services.AddSingleton(settings.Limits);
        services.AddSingleton(new Addresses(settings));
        services.AddSingleton<CallJournal>();
        services.AddHostedService<ServiceJournal>();
        services.AddSingleton(settings.Audit);
        services.AddSingleton<AuditSender>();
        services.AddSingleton<ClockCheck>();
        services.AddSingleton<BodyBudget>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<SigningKey>();
        services.AddSingleton<SmallIssuer>();
        services.AddSingleton<ITokenValidator, TokenValidator>();
        services.AddAuthorizationServer();
        services.AddCards(settings);
        services.AddSingleton<ContentHandles>();
        services.AddSingleton<FhirSettings>();
        services.AddSingleton<FhirBatch>();
        services.AddSingleton<FhirResources>();
        services.AddSingleton<FhirDirectory>();
        services.AddSingleton<FhirExport>();
        services.AddSingleton<FhirValueSet>();
        services.AddSingleton<FhirSubscription>();
        services.AddSingleton<Jobs.SubscriberHooks>();
        services.AddSingleton<FhirAuditEvent>();
        services.AddSingleton<ConsentActs>();
        services.AddSingleton<CdsHooksDoor>();
        services.AddSingleton<Patients>();
        services.AddSingleton<OpenApiDocument>();
        foreach (var part in platform.Parts)
            foreach (var type in TypesOf(part.GetType()))
                services.AddSingleton(type, part);
        foreach (var operation in typeof(IOperation).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IOperation))))
            services.AddSingleton(operation);
    }

    /// <summary>A part serves under its own type, its bases and its interfaces; never under a marker of the framework.</summary>
    private static IEnumerable<Type> TypesOf(Type type)
    {
        for (var t = type; t is not null && t != typeof(object); t = t.BaseType) yield return t;
        foreach (var i in type.GetInterfaces().Where(i => i.Assembly == typeof(Platform).Assembly)) yield return i;
    }

    private static void Listen(KestrelServerOptions kestrel, ServerSettings settings, TimeProvider clock)
    {
        var limits = settings.Limits;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = limits.MaxBody;
        kestrel.Limits.RequestHeadersTimeout = limits.HeaderTime;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestLineSize = 16 * 1024;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(limits.BodyRate, limits.BodyGrace);
        var issuers = CardIssuers.Read(settings.Cards.Issuers);
        Listen(kestrel, settings, settings.Listen, issuers, clock, _ => { });
        Listen(kestrel, settings, settings.ContentListen, null, clock, o => o.Use(next => connection =>
        {
            connection.Features.Set(ContentOrigin.Feature);
            return next(connection);
        }));
    }

    private static void Listen(KestrelServerOptions kestrel, ServerSettings settings, string address, CardIssuers? issuers, TimeProvider clock, Action<ListenOptions> configure)
    {
        var parsed = BindingAddress.Parse(address);
        if (parsed.Scheme is not ("http" or "https")) throw new InvalidOperationException($"{address}: name an http or https address to listen at.");
        var ip = parsed.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(parsed.Host, out var named) ? named : IPAddress.Any;
        kestrel.Listen(ip, parsed.Port, listen =>
        {
            if (parsed.Scheme == "https") TlsListening.UseTls(listen, settings, issuers, clock);
            configure(listen);
        });
    }
}
