using Dsp.Server.SignIn.Providers;
using Dsp.Server.Wire;
using Dsp.Ui.Frame;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.FileProviders;

namespace Dsp.Server.Portal;

/// <summary>Adds the portal to the process: Razor Pages over operations, no script needed.</summary>
public static class PortalHost
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    /// <param name="strictTexts">In tests: a missing translation is a fault.</param>
    public static void AddPortal(this WebApplicationBuilder builder, bool strictTexts = false)
    {
        AddFiles(builder);
        var services = builder.Services;
        services.AddSingleton<IDataProtectionProvider, SealedProtection>();
        services.AddDspUi(ui =>
        {
            ui.StrictTexts = strictTexts;
            ui.TextAssemblies.Add(typeof(PortalHost).Assembly);
        });
        services.AddRouting(routing => routing.ConstraintMap["lang"] = typeof(LanguageConstraint));
        services.AddRazorPages(pages =>
        {
            pages.RootDirectory = "/Portal";
            pages.Conventions.Add(new RepresentedAddresses());
        });
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "dsp-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            // The pages have their own, stricter header.
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.Configure<CookieTempDataProviderOptions>(kept => kept.Cookie.Name = "dsp-kept");
        RemoveKeyRing(services);
        services.AddSingleton<WantedPages>();
        services.AddSingleton<PortalSession>();
        services.AddScoped<PageParts>();
        services.AddScoped<PatientParts>();
        services.AddScoped<ProParts>();
        services.AddScoped<ProRecordParts>();
        services.AddScoped<DocumentWords>();
        services.AddScoped<ResultWords>();
        services.AddSingleton<ResultReader>();
        services.AddSingleton<SignSummary>();
        services.AddSingleton<WhoseRecord>();
        services.AddSingleton<ConfirmPatient>();
        services.AddSingleton<SignInPlaces>();
        services.AddSingleton<Passkeys>();
        services.AddSingleton<ActivationDrafts>();
        services.AddSingleton<EnterPortal>();
        services.AddSingleton<OutboundHttp>();
        services.AddSingleton<ProviderDocuments>();
        services.AddSingleton<ProviderRequests>();
        services.AddSingleton<ProviderClient>();
        services.AddSingleton<ClientProof>();
        services.AddSingleton<ProviderWays>();
        services.AddSingleton<IdentityDrafts>();
    }

    /// <summary>The pages and their files, behind the guards of the process.</summary>
    public static void MapPortal(this WebApplication app)
    {
        app.UseMiddleware<PageFaults>();
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file =>
            {
                // A file asked for with its fingerprint never changes; without one the browser asks again.
                var fingerprinted = file.Context.Request.Query.ContainsKey("v") || file.Context.Request.Path.Value!.EndsWith(".woff2", StringComparison.Ordinal);
                file.Context.Response.Headers.CacheControl = fingerprinted ? $"public, max-age={(int)Year.TotalSeconds}, immutable" : "no-cache";
            },
        });
        app.UseMiddleware<CookieGuard>();
        app.Use(NameNextPageAsync);
        app.MapGet("/", context =>
        {
            context.Response.Redirect("/" + Language.Accepted(context.Request.Headers.AcceptLanguage).Code);
            return Task.CompletedTask;
        });
        app.MapRazorPages();
    }

    /// <summary>An upload with progress follows no redirect itself: the page's message would be shown to the script, not to the reader.</summary>
    private static Task NameNextPageAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers.ContainsKey("Dsp-Upload"))
        {
            context.Response.OnStarting(() =>
            {
                if (context.Response.StatusCode is not (StatusCodes.Status302Found or StatusCodes.Status303SeeOther)) return Task.CompletedTask;
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                context.Response.Headers["Dsp-Location"] = context.Response.Headers.Location;
                context.Response.Headers.Remove("Location");
                return Task.CompletedTask;
            });
        }
        return next(context);
    }

    /// <summary>Published, the files lie beside the program; built, where the build's manifest says.</summary>
    private static void AddFiles(WebApplicationBuilder builder)
    {
        var published = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        builder.Environment.WebRootFileProvider = Directory.Exists(published) ? new PhysicalFileProvider(published) : new NullFileProvider();
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
    }

    /// <summary>The framework's own keys are not used: nothing may write them to a disk.</summary>
    private static void RemoveKeyRing(IServiceCollection services)
    {
        foreach (var job in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Namespace == "Microsoft.AspNetCore.DataProtection.Internal").ToList()) services.Remove(job);
    }
}
