using System.Net;
using System.Net.Sockets;
using Dsp.Server.Wire;

namespace Dsp.Tests.Server;

/// <summary>Where the process may call.</summary>
public sealed class OutboundTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("192.0.0.8")]
    [InlineData("198.18.0.1")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2001:db8::1")]
    [InlineData("2001::1")]
    [InlineData("2002:a00:1::")]
    [InlineData("ff02::1")]
    public void An_address_that_is_not_public_is_not_dialled(string address) => Assert.False(OutboundHttp.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("192.169.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700::1")]
    [InlineData("2a02:678::1")]
    public void A_public_address_is(string address) => Assert.True(OutboundHttp.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://eid.example/x?y=1", true, true)]
    [InlineData("http://eid.example/", false, false)]
    [InlineData("http://127.0.0.1:8080/", false, true)]
    [InlineData("http://10.0.0.1/", false, false)]
    [InlineData("https://user@eid.example/", false, false)]
    [InlineData("https://eid.example/#x", false, false)]
    [InlineData("file:///etc/passwd", false, false)]
    [InlineData("//eid.example/", false, false)]
    [InlineData("", false, false)]
    public void Only_https_is_called_and_http_on_loopback_in_an_own_network(string address, bool outside, bool inside) =>
        Assert.Equal((outside, inside), (OutboundHttp.MayCall(address, isInternal: false), OutboundHttp.MayCall(address, isInternal: true)));

    [Fact]
    public async Task A_name_that_leads_into_the_own_network_is_not_called()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/";
        using var http = new OutboundHttp();
        Assert.Null(await http.SendAsync(HttpMethod.Get, address, isInternal: false, null, null, TestContext.Current.CancellationToken));
        Assert.False(listener.Pending());
        // An own network may be called where the settings say so: the same address is dialled.
        var call = http.SendAsync(HttpMethod.Get, address, isInternal: true, null, null, TestContext.Current.CancellationToken);
        (await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken)).Dispose();
        Assert.Null(await call);
    }
}
